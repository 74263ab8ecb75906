// Finds fenced code blocks in Markdown and in docstrings, which are Markdown too.

/**
 * Returns the fenced blocks of a text. The text is a list of lines `{ text, line, column }`, with
 * the position in its file: `line` counts from 1 and `column` from 0. Each block has the fence's
 * `info` and `line`, its own `lines`, and `isClosed`. Blocks below the same heading (or docstring
 * tag) have the same `section`.
 */
export function fencedBlocks(lines) {
  const blocks = []
  let section = 0
  let open
  for (const line of lines) {
    if (open !== undefined) {
      if (closes(line.text, open.fence)) {
        open.block.isClosed = true
        open = undefined
      } else {
        open.block.lines.push(withoutIndent(line, open.indent))
      }
      continue
    }
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line.text)
    if (fence === null) {
      if (/^\s*(?:#{1,6}\s|@\w)/.test(line.text)) section += 1
      continue
    }
    const block = { info: fence[3], line: line.line, section, lines: [], isClosed: false }
    blocks.push(block)
    open = { block, indent: fence[1].length, fence: fence[2] }
  }
  return blocks
}

function closes(text, fence) {
  const trimmed = text.trim()
  return trimmed.startsWith(fence) && trimmed === fence[0].repeat(trimmed.length)
}

/** Removes the indentation of a block in a list. */
function withoutIndent({ text, line, column }, indent) {
  const cut = Math.min(indent, text.length - text.trimStart().length)
  return { text: text.slice(cut), line, column: column + cut }
}
