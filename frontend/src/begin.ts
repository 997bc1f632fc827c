/**
 * What runs first. It needs none of the application: it asks at once for all that the address needs - who is signed in,
 * the page's own data, its code, the texts - instead of one after another as each piece would find out by itself.
 */
import { askAhead } from "./api/ahead";
import { pageAt } from "./app/pages";
import { loadTexts, preferredLanguage } from "./i18n/languages";

/** The application asks for the same again and tells people of a failure. */
const ahead = (wanted: Promise<unknown> | undefined) => wanted?.catch(() => {});

void import("./main");
askAhead("/session");
const here = pageAt(window.location.pathname);
ahead(here?.page.load());
ahead(loadTexts(preferredLanguage()));
const asked = here?.page.asks?.(here.params, new URLSearchParams(window.location.search)) ?? [];
for (const [path, query] of asked) askAhead(path, query);
