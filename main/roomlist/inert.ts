/** Texts that a spreadsheet would take for a formula, made inert on the way out and made themselves again on the way in. */

// Also behind blanks and in full width. A basement, floor -1, is a number.
const FORMULA = /^(?!-\d+$)('*\s*[=+\-@＝＋－＠])/;
// A spreadsheet set to a language with decimal commas splits at semicolons, whatever the quotes say.
const AFTER_SEMICOLON = /(;\s*)('*[=+\-@＝＋－＠])/g;

/** With an apostrophe in front of what would be a formula. {@link revived} gives back exactly this text. */
export function inert(text: string): string {
  return text.replace(AFTER_SEMICOLON, "$1'$2").replace(FORMULA, "'$1");
}

export function revived(text: string): string {
  // Nearly all cells; patterns cost.
  if (!text.includes("'")) return text;
  return text.replace(/^'('*\s*[=+\-@＝＋－＠])/, '$1').replace(/(;\s*)'('*[=+\-@＝＋－＠])/g, '$1$2');
}
