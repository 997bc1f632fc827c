import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// A busy machine may take its time; what never comes still fails.
configure({ asyncUtilTimeout: 10_000 });

// What jsdom does not have and Mantine asks for. Some tests run without a window.
if (typeof window !== "undefined") giveWindowWhatItLacks();

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function giveWindowWhatItLacks(): void {
  Object.defineProperty(window, "matchMedia", {
    writable: true,
    value: (query: string) => ({
      matches: false,
      media: query,
      onchange: null,
      addListener: vi.fn(),
      removeListener: vi.fn(),
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
      dispatchEvent: vi.fn(),
    }),
  });

  class ResizeObserverStub implements ResizeObserver {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  }
  window.ResizeObserver ??= ResizeObserverStub;
  window.HTMLElement.prototype.scrollIntoView ??= () => {};
}
