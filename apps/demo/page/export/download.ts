/** Lets the browser save a file. */
export const download = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content)
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  // The browser has taken the file before timers run.
  setTimeout(() => URL.revokeObjectURL(url))
}
