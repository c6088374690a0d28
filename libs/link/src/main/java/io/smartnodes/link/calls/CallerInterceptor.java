package io.smartnodes.link.calls;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.PeerCheck;
import io.smartnodes.link.tls.PeerSession;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.options.v1.SmartnodesOptions.Caller;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.Errors;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;

/**
 * Derives the caller from its certificate at every call, refuses who may not call the method, and
 * hands the caller's peer id to the method.
 *
 * <p>{@link #caller()} works at the entry of a method only: the context belongs to the thread, so a
 * method reads it first and passes it on as an argument.
 */
public final class CallerInterceptor implements ServerInterceptor {
  private static final Context.Key<PeerId> CALLER = Context.key("smartnodes-caller");

  private final EndorsementRule rule;
  private final Supplier<PeerId> self;
  private final Roles roles;
  private final InstantSource time;
  private final RefusedCalls refusedCalls;
  private final Map<String, Set<Caller>> declared = new ConcurrentHashMap<>();

  /**
   * @param rule judges certificates
   * @param self our own peer id
   * @param refusedCalls hears of every refusal
   */
  public CallerInterceptor(
      EndorsementRule rule,
      Supplier<PeerId> self,
      Roles roles,
      InstantSource time,
      RefusedCalls refusedCalls) {
    this.rule = rule;
    this.self = self;
    this.roles = roles;
    this.time = time;
    this.refusedCalls = refusedCalls;
  }

  /**
   * The peer that makes the current call.
   *
   * @throws IllegalStateException outside the entry of a method
   */
  public static PeerId caller() {
    return callerIfAny()
        .orElseThrow(() -> new IllegalStateException("read the caller at the method's entry"));
  }

  /** The same, empty outside a call. */
  public static Optional<PeerId> callerIfAny() {
    return Optional.ofNullable(CALLER.get());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return refuse(
          call, ErrorCode.ERROR_CODE_UNAUTHENTICATED, "the connection has no TLS session");
    }
    return switch (PeerSession.check(session, rule, time.instant())) {
      case PeerCheck.Refused(String reason) ->
          refuse(call, ErrorCode.ERROR_CODE_UNAUTHENTICATED, reason);
      case PeerCheck.Endorsed(PeerId peer, var notAfter) -> decide(call, headers, next, peer);
    };
  }

  private <Q, A> ServerCall.Listener<Q> decide(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, PeerId peer) {
    Set<Caller> callers =
        declared.computeIfAbsent(
            call.getMethodDescriptor().getFullMethodName(),
            name -> Callers.declaredBy(call.getMethodDescriptor()));
    return switch (Callers.decide(callers, peer, self.get(), roles)) {
      case Callers.Decision.Allowed() ->
          Contexts.interceptCall(Context.current().withValue(CALLER, peer), call, headers, next);
      case Callers.Decision.Denied(ErrorCode code, String reason) -> refuse(call, code, reason);
    };
  }

  private <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, ErrorCode code, String reason) {
    refusedCalls.refused(call.getMethodDescriptor().getFullMethodName(), code);
    return close(call, Errors.status(code, "caller", reason));
  }

  static <Q, A> ServerCall.Listener<Q> close(ServerCall<Q, A> call, StatusRuntimeException why) {
    Metadata trailers = why.getTrailers();
    call.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }
}
