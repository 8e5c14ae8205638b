import assert from "node:assert/strict";
import { test } from "node:test";

import { written } from "../../src/lib/numbers.ts";

test("a number is written as the visitors of the page write it", () => {
  for (const language of ["es", "en"]) {
    assert.equal(written(75762, 3, language), "75,762");
    assert.equal(written(1234.56, 1, language), "1,234.6");
  }
});
