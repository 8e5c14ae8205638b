// Numbers as the pages write them: in Spanish as most of Latin America does, 12,345.6.

/** A number in the language of the page, with so many digits behind the point at most. */
export function written(number: number, digits = 3, language = document.documentElement.lang): string {
  return new Intl.NumberFormat(language === "es" ? "es-419" : language, { maximumFractionDigits: digits }).format(number);
}
