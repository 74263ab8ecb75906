export const isUpToDate = () => true
export const writePage = () => {}
