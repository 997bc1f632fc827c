import { describe, expect, it } from "vitest";

import { isFiltered, readFilters, toQuery, writeFilters } from "../src/pages/studies/filters";

const from = (text: string) => readFilters(new URLSearchParams(text));

describe("filters of the studies table", () => {
  it("come back from the address as they went in", () => {
    const text = "q=H-20&state=ready&sex=F&cohort=c1&age_from=8&age_to=12.5&has=read&order=received_at";
    expect(writeFilters(from(text)).toString()).toBe(text);
  });

  it("ask the server in months", () => {
    expect(toQuery(from("age_from=8&age_to=12.5"))).toMatchObject({ age_min_months: 96, age_max_months: 150 });
  });

  it("keep an age of nought apart from none", () => {
    expect(toQuery(from("age_from=0")).age_min_months).toBe(0);
    expect(toQuery(from("")).age_min_months).toBeNull();
  });

  it("leave out what makes no sense", () => {
    const filters = from("state=flying&sex=X&age_from=ten&age_to=-1&has=everything&order=colour");
    expect(filters).toEqual(from(""));
  });

  it("know whether they narrow anything down; an order does not", () => {
    expect(isFiltered(from("order=received_at"))).toBe(false);
    expect(isFiltered(from("sex=M"))).toBe(true);
    expect(isFiltered(from("q=%20"))).toBe(false);
  });
});
