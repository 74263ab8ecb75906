/** Lets the browser save a file. */
export const download = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content)
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  // By the time the timer runs, the browser has already read the file.
  setTimeout(() => URL.revokeObjectURL(url))
}
