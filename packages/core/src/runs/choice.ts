/** The choices that a request comes to, before anything runs. */
export interface ResolvedChoice {
  readonly what:
    | 'reader'
    | 'task'
    | 'source'
    | 'strategy'
    | 'epochs'
    | 'batch'
    | 'augmentation'
    | 'classes'
    | 'groups'
    | 'class weights'
    | 'sampling'
    | 'head'
    | 'intercepts'
    | 'adapt'
    | 'epoch'
    | 'judge'
    | 'backend'
    | 'precision'
    | 'learning rate';
  readonly value: string;
  readonly why: string;
}
