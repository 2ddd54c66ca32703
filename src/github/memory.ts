/**
 * Answers of GitHub that other jobs were given, each as the text that it was. What is recalled is no answer: GitHub is asked whether
 * it would say the same now, and only its yes (304), which is a yes to these very bytes, makes one of it. So whoever writes here can
 * make nobody believe anything.
 */
export interface AnswerMemory {
  /** Undefined where nothing is known that can be read. */
  recall(url: string): Promise<string | undefined>
  /** Takes the place of what was known; whether that could be done is nobody's business. */
  keep(url: string, body: string): Promise<void>
}
