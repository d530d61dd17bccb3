/** What the weights are trained on: common short words, none of those that the transfer is shown with. */
export const PRETRAINING_WORDS = `
  about after again animal answer apple baby back bed big bird black blue boat book boy bring brother car cat
  change child city cold country day dog door eight every eye face family father fish five food four friend garden
  girl green hand happy head hello home horse house jump kitchen letter light listen little long market money
  month moon morning mother music name never night nine number ocean one orange paper people picture please pocket
  question rain river school second seven sheep silver sister six summer sun table three tree two under water
  weather window winter world
`
  .trim()
  .split(/\s+/);

/** New keywords: the ten commands that papers on keyword spotting are measured on (Warden, 2018). */
export const NEW_KEYWORDS = ['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'];
