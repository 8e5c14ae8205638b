// The dialog that asks for the name of a query.

import { find } from "./dom.ts";

/** The name that somebody gives, which may be empty; null where they leave it as it is. */
export function askName(before: string): Promise<string | null> {
  const dialog = find("#rename", HTMLDialogElement);
  const field = find("#tab-name", HTMLInputElement);
  field.value = before;
  dialog.returnValue = "";
  dialog.showModal();
  field.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "rename" ? field.value : null), { once: true });
  });
}
