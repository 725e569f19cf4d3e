export { attach, type Attachment, type AttachOptions } from './server/attach.ts'
export { accept, type Accepted, type AcceptOptions } from './server/accept.ts'
export type { BearerDeclaration, BearerSource } from './server/bearer.ts'
export {
  endpoint,
  type Endpoint,
  type EndpointDeclarations,
  type EndpointHandlers,
  type SubprotocolChooser,
} from './server/endpoint.ts'
export type { AnyInputs, ParameterDeclaration, RequestInputs } from './server/parameters/declaration.ts'
export type { Kind, KindNotation } from './server/parameters/kind.ts'
export type { StandardSchema } from './server/parameters/standard-schema.ts'
export { handleUpgrade, upgradeHandler, type UpgradeHandler } from './server/upgrade-handler.ts'
export { listen, type ListenOptions, type Server } from './server/listen.ts'
export type { PathParams } from './server/path-pattern.ts'
export { refuse, type Refused } from './server/refuse.ts'
export { ListenError, ServerInputError, type ServerInputErrorCode } from './server/server-errors.ts'
export { type AdmissionLimits, defaultServerLimits, type ServerLimits } from './server/server-limits.ts'
export type { ServerSocket } from './server/server-socket.ts'
export type { UpgradeRequest } from './server/upgrade-request.ts'
export type { ErrorOrigin, RefusedRequest, ServiceOptions } from './server/service-options.ts'
export type { DrainOptions, DrainSummary } from './server/drain.ts'
export type { ServerStats } from './server/server-stats.ts'
export type {
  CloseMessage,
  DrainMessage,
  ErrorMessage,
  HandshakeMessage,
  LimitMessage,
  OpenMessage,
} from './server/server-channels.ts'
export { broadcast } from './socket/broadcast.ts'
export type { Consumer } from './socket/consumer.ts'
export type { Message } from './socket/inbox.ts'
export type { SocketData } from './socket/socket-arguments.ts'
export {
  SendBudgetError,
  SocketClosedError,
  SocketInputError,
  type SocketInputErrorCode,
  StreamError,
  type StreamErrorCode,
} from './socket/socket-errors.ts'
export type { MessageStream } from './socket/message-stream.ts'
export type { OutgoingBudget, OutgoingPolicy } from './socket/outgoing-budget.ts'
export type { SendStreamOptions } from './socket/outgoing-stream.ts'
export { compression, type Compression } from './socket/deflate/compression-budget.ts'
export type { CompressionInput, CompressionOptions } from './socket/deflate/compression-options.ts'
export { memory, type Memory } from './socket/memory.ts'
export type { SendOptions, Socket, SocketState } from './socket/socket.ts'
export type { Closing, ClosingCause, CloseFrame } from './protocol/connection/closing.ts'
export type { ConnectionLimits } from './protocol/connection/limits.ts'
export { SendError, type SendErrorCode } from './protocol/connection/send-error.ts'
export { HandshakeInputError } from './protocol/handshake/handshake-input-error.ts'
export type { Text } from './protocol/text.ts'
export { connect } from './client/connect.ts'
export { ConnectError } from './client/connect-error.ts'
export type { ConnectOptions, FieldsInput, TlsOptions } from './client/connect-options.ts'
export type { WireDirection, WireEnds, WireObserver } from './client/wire-observer.ts'
export type { ClientSocket } from './client/client-socket.ts'
export type {
  ClientCloseMessage,
  ClientOpenMessage,
  StageMessage,
  StartMessage,
  VerdictMessage,
} from './client/client-channels.ts'
export type { ConnectingPolicy } from './client/connecting-queue.ts'
export type { ProxyOptions } from './client/proxy/proxy-server.ts'
export type { ConnectionEnd, RetryReason } from './client/reconnect/reconnect-decision.ts'
export { defaultReconnectDelays, type ReconnectDelays } from './client/reconnect/reconnect-delays.ts'
export { NotConnectedError, ReconnectStoppedError, type ReconnectState } from './client/reconnect/reconnect-errors.ts'
export type {
  ReconnectEvent,
  ReconnectOptions,
  ReconnectOutcome,
  ReconnectUrl,
} from './client/reconnect/reconnect-options.ts'
export { reconnecting } from './client/reconnect/reconnecting.ts'
export type { ReconnectingSocket } from './client/reconnect/reconnecting-socket.ts'
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
