package io.smartnodes.quarkus;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.grpc.runtime.Interceptors;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.Roles;
import io.smartnodes.link.calls.StrangerLimits;
import io.smartnodes.quarkus.forward.Cancellation;
import io.smartnodes.quarkus.forward.Forwarding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Guards every method of every service: caller rules first, then the limits for strangers; what
 * another instance answers is passed on then. Runs before a call gets a thread, so that refusing
 * costs next to nothing.
 */
@GlobalInterceptor
@ApplicationScoped
public class PeerCalls implements ServerInterceptor, Prioritized {
  private final CallerInterceptor callers;
  private final StrangerLimits limits;
  private final Forwarding forwarding;

  /** Called by the container. */
  public PeerCalls(
      NodeIdentity identity,
      Roles roles,
      CallCounters counters,
      Forwarding forwarding,
      @ConfigProperty(name = "smartnodes.strangers.per-minute", defaultValue = "60") long perMinute,
      @ConfigProperty(name = "smartnodes.strangers.together-per-second", defaultValue = "100")
          long togetherPerSecond) {
    this.forwarding = forwarding;
    this.callers =
        new CallerInterceptor(
            identity.rule(), identity::peerId, roles, InstantSource.system(), counters);
    this.limits =
        new StrangerLimits(
            new StrangerLimits.Limits(perMinute, togetherPerSecond),
            identity::peerId,
            roles,
            counters);
  }

  @Override
  public int getPriority() {
    return Interceptors.BLOCKING_HANDLER + 1;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Cancellation.heard(
        callers.interceptCall(
            call,
            headers,
            (admitted, itsHeaders) ->
                limits.interceptCall(
                    admitted,
                    itsHeaders,
                    (within, sameHeaders) -> forwarding.startCall(within, sameHeaders, next))));
  }
}
