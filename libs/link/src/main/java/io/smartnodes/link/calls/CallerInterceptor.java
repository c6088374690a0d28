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
 * hands the caller's peer id to the method. A call that another instance of this service passed on
 * counts as its original caller's, and the method's rule holds for that one.
 *
 * <p>{@link #caller()} works at the entry of a method only: the context belongs to the thread, so a
 * method reads it first and passes it on as an argument.
 */
public final class CallerInterceptor implements ServerInterceptor {
  private static final Context.Key<PeerId> CALLER = Context.key("smartnodes-caller");
  private static final Context.Key<Boolean> FORWARDED = Context.key("smartnodes-forwarded");
  private static final Metadata.Key<String> ORIGINAL =
      Metadata.Key.of("smartnodes-caller", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> HOP =
      Metadata.Key.of("smartnodes-hop", Metadata.ASCII_STRING_MARSHALLER);

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
   * The peer that makes the current call, the original one if the call was passed on.
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

  /** Whether another instance of this service passed the current call on to us. */
  public static boolean wasForwarded() {
    return Boolean.TRUE.equals(FORWARDED.get());
  }

  /** Says in a call to another instance of this service for whom it is made. */
  public static void nameCaller(Metadata headers, PeerId original) {
    headers.put(ORIGINAL, original.toString());
    headers.put(HOP, "1");
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
      case PeerCheck.Endorsed(PeerId peer, var notAfter) -> identify(call, headers, next, peer);
    };
  }

  /** Only we ourselves are believed when we name another caller; nobody else's words go further. */
  private <Q, A> ServerCall.Listener<Q> identify(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, PeerId peer) {
    String original = headers.get(ORIGINAL);
    headers.discardAll(ORIGINAL);
    headers.discardAll(HOP);
    if (original == null || !peer.equals(self.get())) {
      return decide(call, headers, next, Context.current().withValue(CALLER, peer), peer);
    }
    PeerId named;
    try {
      named = PeerId.fromHex(original);
    } catch (IllegalArgumentException e) {
      return refuse(call, ErrorCode.ERROR_CODE_UNAUTHENTICATED, "the caller named is no peer id");
    }
    return decide(
        call,
        headers,
        next,
        Context.current().withValues(CALLER, named, FORWARDED, Boolean.TRUE),
        named);
  }

  private <Q, A> ServerCall.Listener<Q> decide(
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      Context context,
      PeerId peer) {
    Set<Caller> callers =
        declared.computeIfAbsent(
            call.getMethodDescriptor().getFullMethodName(),
            name -> Callers.declaredBy(call.getMethodDescriptor()));
    return switch (Callers.decide(callers, peer, self.get(), roles)) {
      case Callers.Decision.Allowed() -> Contexts.interceptCall(context, call, headers, next);
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
