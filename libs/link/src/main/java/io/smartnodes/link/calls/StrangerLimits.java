package io.smartnodes.link.calls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.options.v1.SmartnodesOptions.Caller;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.Errors;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Token buckets for peers without a role: one for each, and one for all of them together, since a
 * key costs nothing. Members are not limited here. Comes after {@link CallerInterceptor}.
 *
 * <p>A method for who has a token takes nothing from what strangers have together: our own
 * processes come to it with keys of the moment, before they have an identity, and nobody without
 * the token may use up what they need. The method refuses him before it does anything else.
 */
public final class StrangerLimits implements ServerInterceptor {
  private static final int REMEMBERED = 10_000;

  private final Supplier<PeerId> self;
  private final Roles roles;
  private final RefusedCalls refusedCalls;
  private final Limits limits;
  private final Bucket together;
  private final Cache<PeerId, Bucket> buckets;
  private final Map<String, Boolean> byToken = new ConcurrentHashMap<>();

  /**
   * How much strangers may call.
   *
   * @param perMinute calls of one stranger in a minute, at once or spread
   * @param togetherPerSecond calls of all strangers in a second
   */
  public record Limits(long perMinute, long togetherPerSecond) {
    /** What a validator allows by default. */
    public static final Limits DEFAULT = new Limits(60, 100);
  }

  /**
   * @param self our own peer id, which is never limited
   */
  public StrangerLimits(
      Limits limits, Supplier<PeerId> self, Roles roles, RefusedCalls refusedCalls) {
    this.limits = limits;
    this.self = self;
    this.roles = roles;
    this.refusedCalls = refusedCalls;
    this.together = bucket(limits.togetherPerSecond(), Duration.ofSeconds(1));
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build();
  }

  private static Bucket bucket(long tokens, Duration period) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, period))
        .build();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<PeerId> caller = CallerInterceptor.callerIfAny();
    // What was passed on has been counted where it arrived.
    if (caller.isEmpty()
        || CallerInterceptor.wasForwarded()
        || admits(caller.get(), call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
    refusedCalls.refused(
        call.getMethodDescriptor().getFullMethodName(), ErrorCode.ERROR_CODE_RATE_LIMITED);
    return CallerInterceptor.close(
        call,
        Errors.status(
            ErrorCode.ERROR_CODE_RATE_LIMITED, "caller", "too many calls by peers without a role"));
  }

  private boolean admits(PeerId peer, MethodDescriptor<?, ?> method) {
    if (peer.equals(self.get()) || !(roles.roleOf(peer) instanceof RoleCheck.Stranger)) {
      return true;
    }
    Bucket own = buckets.get(peer, ignored -> bucket(limits.perMinute(), Duration.ofMinutes(1)));
    return own.tryConsume(1) && (isByToken(method) || together.tryConsume(1));
  }

  private boolean isByToken(MethodDescriptor<?, ?> method) {
    return byToken.computeIfAbsent(
        method.getFullMethodName(), name -> Callers.declaredBy(method).contains(Caller.TOKEN));
  }
}
