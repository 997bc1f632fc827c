/** What the pointer does can be done by keyboard, and what colour says stands in words. */
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import type { StudyResult } from "../src/api/types";
import { startI18n } from "../src/i18n";
import { PointsFigure } from "../src/pages/evaluate/PointsFigure";
import { CloserLook } from "../src/pages/study/CloserLook";
import { Contributions } from "../src/pages/study/Contributions";
import { showRoutes } from "./show";

beforeAll(async () => {
  await startI18n("en");
});

function show(element: React.ReactNode, address = "/evaluate/e1") {
  return showRoutes([{ path: "*", element }], address).router;
}

describe("points of a figure", () => {
  const points = { row: [7, 8, 9], x: [120, 60, 90], y: [121, 62, 88], sex: [0, 1, 0] };
  const figure = (density: [number, number, number][] | null) => (
    <PointsFigure
      evaluation="e1" plot="scatter" label="Model and truth" xLabel="x" yLabel="y" xDomain={[0, 20]} yDomain={[0, 20]}
      drawing={createRef<SVGSVGElement>()} lines={() => null} values={{ n: 50, density, cell_months: 6, points }}
    />
  );

  it("are walked through from left to right and opened", async () => {
    const router = show(figure(null));
    await userEvent.tab();
    const plot = screen.getByRole("application", { name: "Model and truth" });
    expect(document.activeElement).toBe(plot);
    await userEvent.keyboard("{ArrowRight}");
    expect(screen.getByRole("status").textContent).toContain("Point 1 of 3: 5.00 / 5.17 years");
    await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
    expect(screen.getByRole("status").textContent).toContain("Point 3 of 3: 10.00");
    await userEvent.keyboard("{Enter}");
    expect(router.state.location.pathname).toBe("/evaluate/e1/cases/7");
  });

  it("mark the one that one comes back from, and open without the cell of a list before", async () => {
    const router = show(figure(null), "/evaluate/e1?sex=F&plot=scatter&x_from_months=3&case=8");
    const ring = () => document.querySelector("circle.plot-ring")?.getAttribute("cx");
    const marked = ring();
    await userEvent.tab();
    await userEvent.keyboard("{Home}");
    expect(ring()).toBe(marked);
    await userEvent.keyboard("{ArrowRight}");
    expect(ring()).not.toBe(marked);
    await userEvent.keyboard("{Enter}");
    expect(router.state.location.pathname + router.state.location.search).toBe("/evaluate/e1/cases/9?sex=F");
  });

  it("come with the cells of the density, and Escape leaves them", async () => {
    const router = show(figure([[30, 30, 40]]));
    await userEvent.tab();
    await userEvent.keyboard("{End}");
    expect(screen.getByRole("status").textContent).toContain("Cell with 40 films");
    await userEvent.keyboard("{Escape}");
    expect(screen.getByRole("status").textContent).toContain("Arrow keys");
    await userEvent.keyboard("{Enter}");
    expect(router.state.location.search).toBe("");
    await userEvent.keyboard("{End}{Enter}");
    expect(router.state.location.search).toContain("x_from_months=27");
  });
});

describe("contributions", () => {
  it("show a region on the film under the keyboard's focus", async () => {
    const onFocus = vi.fn();
    const prediction = {
      base_months: 100,
      contributions: [
        { owner: "radius", months: 4, found: true },
        { owner: "ulna", months: -2, found: false },
        { owner: "sex", months: 1, found: true },
      ],
    } as unknown as NonNullable<StudyResult["prediction"]>;
    show(<Contributions prediction={prediction} onFocus={onFocus} />);
    await userEvent.tab();
    expect(onFocus).toHaveBeenLastCalledWith("radius");
    expect(document.activeElement?.getAttribute("title")).toContain("show on the film");
    await userEvent.tab();
    expect(onFocus).toHaveBeenLastCalledWith(null);
    expect(screen.getAllByRole("button")).toHaveLength(1);
  });
});

describe("the closer look", () => {
  const patch = (x0: number, months: number | null) => ({ x0, y0: 0, x1: x0 + 100, y1: 100, months });
  const result = {
    study: { id: "s1" },
    prediction: { bone_age_months: 100 },
    radiograph: { rows: 400, columns: 400, thumbnail_url: "data:," },
    can: [],
    examination: { bone_age_months: 100, patches: [patch(0, -6), patch(100, 3.5), patch(200, 1), patch(300, null)], parts: [] },
  } as unknown as StudyResult;

  it("says by signs and in a table what the colours say", () => {
    show(<CloserLook result={result} running={false} />);
    const picture = screen.getByRole("img", { name: /Film with the places/ });
    expect([...picture.querySelectorAll("text")].map((sign) => sign.textContent)).toEqual(["−", "+"]);
    const rows = within(screen.getByTestId("closer-strongest")).getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      "13 % from the left, 13 % from the top−6.0 mo",
      "38 % from the left, 13 % from the top+3.5 mo",
      "63 % from the left, 13 % from the top+1.0 mo",
    ]);
  });
});
