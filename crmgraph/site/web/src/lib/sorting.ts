// The order of values in a column.

export type Direction = "up" | "down";

/** A value as it stands in a cell: a number where it is one for the data, else words; null where the cell is empty. */
export type Value = number | string | null;

/** The places of the values in their order; equal ones stay as they were, and empty ones come last in any case. */
export function sorted(values: readonly Value[], direction: Direction, language: string): number[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const sign = direction === "up" ? 1 : -1;
  return values
    .map((value, place) => ({ value, place }))
    .sort((one, other) => {
      if (one.value === null || other.value === null) {
        return Number(one.value === null) - Number(other.value === null) || one.place - other.place;
      }
      return sign * order(one.value, other.value, compare) || one.place - other.place;
    })
    .map(({ place }) => place);
}

/** Numbers come before words. */
function order(one: number | string, other: number | string, compare: (one: string, other: string) => number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") return compare(one, other);
  return typeof one === "number" ? -1 : 1;
}
