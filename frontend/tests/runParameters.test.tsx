/** What a run was asked to do stands in words of the person's language. */
import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Run } from "../src/api/types";
import { startI18n } from "../src/i18n";
import { useParameters } from "../src/pages/runs/parameters";

it("says values of the program in words, and leaves what a person wrote as it is", async () => {
  await startI18n("zh-Hans");
  const parameters = { name: "test", band_by: "bone_age", split_kind: "patient", test_locked: false, split: "test", test_share: 0.2 };
  const { result } = renderHook(() => useParameters({ parameters } as unknown as Run));
  expect(Object.fromEntries(result.current)).toEqual({
    名称: "test",
    年龄分段依据: "参考骨龄",
    划分方式: "按患者",
    测试部分锁定: "否",
    部分: "测试部分",
    测试比例: "0.2",
  });
});
