/** Has something to do when the turn of the event loop ends. */
export interface TurnEnding {
  turnEnds(): void
}

let due: TurnEnding[] = []

/**
 * Once for each call, when what can be read at the moment has been read: for all of them by way of one immediate, so
 * that a broadcast to many sockets does not arm a timer for each.
 */
export function whenTurnEnds(ending: TurnEnding): void {
  if (due.length === 0) setImmediate(endTurn)
  due.push(ending)
}

function endTurn(): void {
  const endings = due
  due = []
  for (const ending of endings) ending.turnEnds()
}
