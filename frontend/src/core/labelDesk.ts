/**
 * Everything that can be done to the boxes of one film, each as one named action that is counted. The label page's keys,
 * buttons and gestures end here; it knows no browser, so a script can work a film as a person does.
 */
import { armedRegion, drawnRegion, nextOpen, nextStop } from "./attention";
import type { BoxMove } from "./boxMoves";
import type { Box } from "./boxes";
import { applyEdit, workingBox, type ChangeSet, type Edit } from "./changes";
import type { DeskAction, DeskState, Said } from "./deskState";
import { NO_EFFORT, acted, stirred, type Effort } from "./effort";
import type { History } from "./history";
import { expectedBox } from "./placing";
import type { ImagePoint } from "./points";
import { missingRegions, type AbsentReason, type Attribute, type Proposals } from "./regionState";
import { REGION_IDS, type RegionId } from "./regions";
import { TEMPLATE_CLICKS, templateProposals } from "./template";
import type { WorkSession } from "./workSession";

/** The template's proposals can be undone and redone as long as nothing else has been done since. */
interface Laid {
  readonly before: Proposals;
  readonly after: Proposals;
  readonly at: History;
  readonly isLaid: boolean;
}

const ATTRIBUTE_ACTIONS = { centreNotVisible: "centre_not_visible", occluded: "occluded", difficult: "difficult" } as const;

export class LabelDesk {
  private state: DeskState;
  private effort = NO_EFFORT;
  private laid: Laid | null = null;
  private handingIn = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly session: WorkSession,
    private readonly mayEdit: boolean,
    private readonly now: () => number,
  ) {
    this.state = { focus: { region: nextOpen(this.contents, null), calledUp: false }, said: null, absentFor: null, drawMode: false, clicks: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): DeskState => this.state;

  perform(action: DeskAction): void {
    switch (action) {
      case "clear":
        return this.clear();
      case "nextAttention":
        return this.walk(1);
      case "previousAttention":
        return this.walk(-1);
      case "accept":
        return this.accept();
      case "acceptAll":
        return this.acceptAll();
      case "absent":
        return this.askAbsent();
      case "drawMode":
        return this.toggleDrawMode();
      case "template":
        if (!this.leaveTemplate()) this.startTemplate();
        return undefined;
      case "undo":
        return this.undo();
      case "redo":
        return this.redo();
      default:
        return this.attribute(ATTRIBUTE_ACTIONS[action]);
    }
  }

  /** The region that a drag would draw. */
  armed(): RegionId | null {
    return armedRegion(this.contents, this.state.focus);
  }

  /** The region that a drawn box is taken for. */
  drawnAs(box: Box): RegionId | null {
    return drawnRegion(this.contents, this.proposals, this.state.focus, box);
  }

  draw(region: RegionId, box: Box): void {
    if (this.do({ kind: "draw", region, box })) this.set({ focus: { region, calledUp: false, justDrawn: true } });
  }

  moveAll(dx: number, dy: number): void {
    this.do({ kind: "moveAll", dx, dy });
  }

  move(move: BoxMove): boolean {
    const { region } = this.state.focus;
    if (region) this.do({ ...move, region });
    return region !== null;
  }

  /** A click: on a box, on the bare film, or the template's next point. */
  pick(region: RegionId | null, at: ImagePoint | null = null): void {
    this.act();
    if (this.state.clicks && at) this.click(at);
    else if (region) this.take(region);
  }

  callUp(region: RegionId): void {
    this.act();
    this.set({ focus: { region, calledUp: true } });
  }

  take(region: RegionId): void {
    this.set({ focus: { region, calledUp: false } });
  }

  walk(step: 1 | -1): void {
    this.act();
    this.set({ focus: { region: nextStop(this.contents, this.state.focus.region, step), calledUp: false } });
  }

  /** The suggestion is taken over; a box that is already the person's is simply left behind. */
  accept(): void {
    const { region } = this.state.focus;
    if (!region || this.contents[region].state !== "missing") return this.walk(1);
    if (this.proposals[region]) this.settle({ kind: "accept", region }, region, { code: "accepted", regions: [region] });
  }

  acceptAll(): void {
    const count = this.suggested().length;
    if (this.do({ kind: "acceptAll" })) this.say({ code: "acceptedAll", count });
  }

  askAbsent(): void {
    const { region } = this.state.focus;
    if (!region || !this.editable) return;
    this.act();
    this.set({ absentFor: region });
  }

  absent(reason: AbsentReason): void {
    const region = this.state.absentFor;
    this.set({ absentFor: null });
    if (region) this.settle({ kind: "absent", region, reason }, region);
  }

  closeAbsent(): void {
    this.set({ absentFor: null });
  }

  clear(): void {
    const { region } = this.state.focus;
    if (region && this.do({ kind: "clear", region })) this.say({ code: "deleted", regions: [region] });
  }

  attribute(attribute: Attribute): void {
    const { region } = this.state.focus;
    if (region) this.do({ kind: "attribute", region, attribute });
  }

  /**
   * A box for the region in hand without a pointer: the suggested one, else where it is to be expected from the other
   * boxes; on an empty film round `middle`, the point in the middle of the view.
   */
  place(middle: ImagePoint, imageHeight: number): void {
    const region = this.state.focus.region ?? this.armed();
    if (!region || this.contents[region].state === "boxed") return;
    const box = this.proposals[region]?.box ?? expectedBox(region, this.knownBoxes(), middle, imageHeight);
    if (this.do({ kind: "draw", region, box })) {
      this.take(region);
      this.say({ code: "placed", regions: [region] });
    }
  }

  startTemplate(): void {
    if (!this.editable) return;
    this.act();
    this.set({ clicks: [], said: null });
  }

  /** The template's suggestions that stood here before the page was loaded again; undone as if laid just now. */
  layAgain(proposals: Proposals): void {
    if (!this.editable) return;
    const { given, history } = this.session.snapshot();
    this.laid = { before: given, after: proposals, at: history, isLaid: false };
    this.relayed(true);
    this.say({ code: "templateKept", count: this.suggested().length });
  }

  /** True when it was on. */
  leaveDrawMode(): boolean {
    const { drawMode } = this.state;
    if (drawMode) this.set({ drawMode: false });
    return drawMode;
  }

  leaveTemplate(): boolean {
    const laying = this.state.clicks !== null;
    if (laying) this.set({ clicks: null });
    return laying;
  }

  undo(): void {
    if (!this.editable) return;
    if (this.state.clicks) {
      this.act();
      return this.set({ clicks: this.state.clicks.slice(0, -1) });
    }
    if (this.laid?.isLaid && this.laid.at === this.session.snapshot().history) return this.relay(false);
    this.stepped(this.session.undo(), "undone");
  }

  redo(): void {
    if (!this.editable || this.state.clicks) return;
    if (this.laid && !this.laid.isLaid && this.laid.at === this.session.snapshot().history) return this.relay(true);
    this.stepped(this.session.redo(), "redone");
  }

  /**
   * The finish key, with the suggestions that are left or without: the first region that stands in the way, which is
   * named and taken in hand, or null when the film may be handed in.
   */
  finish(acceptRest: boolean): RegionId | null {
    const missing = missingRegions(this.contents);
    const stands = missing.find((region) => !acceptRest || !this.proposals[region]) ?? null;
    if (stands) this.refuse(stands);
    else {
      this.act();
      if (missing.length > 0) this.session.edit({ kind: "acceptAll" });
    }
    return stands;
  }

  /** While the film is being handed in nothing changes any more: what is drawn then would not be in it. */
  handIn(isUnderWay: boolean): void {
    this.handingIn = isUnderWay;
  }

  refuse(region: RegionId): void {
    this.take(region);
    this.say({ code: "refusedMissing", regions: [region] });
  }

  /** The box that keys act on. */
  boxInHand(): Box | null {
    const { region } = this.state.focus;
    return region ? workingBox(this.contents, this.proposals, region) : null;
  }

  say(said: Said | null): void {
    this.set({ said });
  }

  /** The person is there: moved, zoomed, looked. */
  stir(): void {
    this.effort = stirred(this.effort, this.now());
  }

  spent(): Effort {
    return stirred(this.effort, this.now());
  }

  suggested(): RegionId[] {
    return missingRegions(this.contents).filter((region) => this.proposals[region]);
  }

  private toggleDrawMode(): void {
    this.act();
    this.set({ drawMode: !this.state.drawMode });
  }

  private click(at: ImagePoint): void {
    const clicks = [...(this.state.clicks ?? []), at];
    if (clicks.length < TEMPLATE_CLICKS.length) return this.set({ clicks, said: null });
    const [wrist, middle, thumb] = clicks as [ImagePoint, ImagePoint, ImagePoint];
    const proposals = templateProposals(wrist, middle, thumb);
    // The point that spoils it is the only one to be set again.
    if (typeof proposals === "string") return this.set({ clicks: clicks.slice(0, -1), said: { code: `templateProblem.${proposals}` } });
    this.laid = { before: this.session.snapshot().given, after: proposals, at: this.session.snapshot().history, isLaid: false };
    this.set({ clicks: null });
    this.relayed(true);
  }

  private relay(isLaid: boolean): void {
    this.act();
    this.relayed(isLaid);
  }

  private relayed(isLaid: boolean): void {
    if (!this.laid) return;
    this.session.propose(isLaid ? this.laid.after : this.laid.before);
    this.laid = { ...this.laid, isLaid };
    this.set({
      focus: { region: nextOpen(this.contents, null), calledUp: false },
      said: isLaid ? { code: "templateLaid", count: this.suggested().length } : { code: "templateTaken" },
    });
  }

  private knownBoxes(): Partial<Record<RegionId, Box>> {
    const entries = REGION_IDS.flatMap((id) => {
      const box = workingBox(this.contents, this.proposals, id);
      return box ? [[id, box] as const] : [];
    });
    return Object.fromEntries(entries);
  }

  private do(edit: Edit): boolean {
    if (!this.editable) return false;
    this.act();
    const changed = this.session.edit(edit);
    if (changed) this.set({ said: null });
    return changed;
  }

  /** Does it, then goes on to the next open region, staying where one is when none is left. */
  private settle(edit: Edit, region: RegionId, said: Said | null = null): void {
    const { contents } = applyEdit(this.contents, this.proposals, edit);
    if (this.do(edit)) this.set({ said, focus: { region: nextOpen(contents, region) ?? region, calledUp: false } });
  }

  private stepped(changes: ChangeSet | null, code: "undone" | "redone"): void {
    const first = changes?.[0];
    if (!changes || !first) return;
    this.act();
    this.set({ said: { code, regions: changes.map((change) => change.region) }, focus: { region: first.region, calledUp: false } });
  }

  private act(): void {
    this.effort = acted(this.effort, this.now());
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    [...this.listeners].forEach((listener) => listener());
  }

  private get editable(): boolean {
    return this.mayEdit && !this.handingIn;
  }

  private get contents() {
    return this.session.snapshot().contents;
  }

  private get proposals() {
    return this.session.snapshot().proposals;
  }
}
