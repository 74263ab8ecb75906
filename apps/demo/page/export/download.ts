/**
 * Gives the person a file.
 */
export const download = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content)
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  // The click has handed the file over by the time that timers run.
  setTimeout(() => URL.revokeObjectURL(url))
}
