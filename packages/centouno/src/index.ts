export { attach, type Attachment, type AttachOptions } from './server/attach.ts'
export { endpoint, type Endpoint, type EndpointHandlers } from './server/endpoint.ts'
export { listen, type ListenOptions, type Server } from './server/listen.ts'
export type { PathParams } from './server/path-pattern.ts'
export { refuse, type Refused } from './server/refuse.ts'
export { ListenError, ServerInputError, type ServerInputErrorCode } from './server/server-errors.ts'
export { defaultServerLimits, type ServerLimits } from './server/server-limits.ts'
export type { ServerSocket } from './server/server-socket.ts'
export type { UpgradeRequest } from './server/upgrade-request.ts'
export type { ErrorOrigin, RefusedRequest, ServiceOptions } from './server/upgrade-service.ts'
export type { Consumer } from './socket/delivery.ts'
export type { Message } from './socket/inbox.ts'
export type { SocketData } from './socket/socket-arguments.ts'
export { SocketClosedError, SocketInputError, type SocketInputErrorCode } from './socket/socket-errors.ts'
export type { Socket, SocketState } from './socket/socket.ts'
export type { Closing, ClosingCause, CloseFrame } from './protocol/connection/closing.ts'
export type { ConnectionLimits } from './protocol/connection/limits.ts'
export { SendError, type SendErrorCode } from './protocol/connection/send-error.ts'
export { HandshakeInputError } from './protocol/handshake/handshake-input-error.ts'
export type { Text } from './protocol/text.ts'
export { connect } from './client/connect.ts'
export { ConnectError } from './client/connect-error.ts'
export type { ConnectOptions, FieldsInput, TlsOptions } from './client/connect-options.ts'
export type { ClientSocket } from './client/client-socket.ts'
export { closingCode, closingText, type ClosingText, type ToldClosing } from './report/closing-text.ts'
export type { CodeDetails } from './report/code-row.ts'
export type {
  ConnectionReport,
  ReportChange,
  ReportObserver,
  RequestRecord,
  ResponseRecord,
  StageFacts,
  StageName,
  StageRecord,
  Verdict,
} from './report/connection-report.ts'
export type { RuleOutcome, RuleVerdict } from './protocol/handshake/rule.ts'
export type { Field } from './protocol/http/head.ts'
export { WebSocket, type BinaryType } from './whatwg/websocket.ts'
export { CloseEvent, ErrorEvent, MessageEvent, type WebSocketEventMap } from './whatwg/events.ts'
export type { EventHandler } from './whatwg/event-handlers.ts'
