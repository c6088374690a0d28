package io.smartnodes.quarkus.forward;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.quarkus.InstanceAddress;
import io.smartnodes.quarkus.NodeIdentity;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes calls on to the instance that owns them, as {@link CallOwner} beans say. Comes after the
 * caller rule; the other instance trusts our own peer id to name the original caller, and applies
 * the method's rule to that one again. A call is passed on once: an instance that gets it in error
 * answers {@code UNAVAILABLE}, and the caller's next attempt finds the new owner.
 */
@Singleton
public class Forwarding {
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final long LONGEST_STREAM_HOURS = 4;

  private final List<CallOwner> owners;
  private final Instance<PeerChannels> channels;
  private final NodeIdentity identity;
  private final InstanceAddress here;
  private final MeterRegistry meters;
  private final Map<String, Optional<CallOwner>> byMethod = new ConcurrentHashMap<>();

  /** Called by the container. */
  public Forwarding(
      @Any Instance<CallOwner> owners,
      Instance<PeerChannels> channels,
      NodeIdentity identity,
      InstanceAddress here,
      MeterRegistry meters) {
    this.owners = owners.stream().toList();
    this.channels = channels;
    this.identity = identity;
    this.here = here;
    this.meters = meters;
  }

  /** Starts the call here or elsewhere, as an interceptor does. */
  public <Q, A> ServerCall.Listener<Q> startCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<CallOwner> owner =
        byMethod.computeIfAbsent(
            call.getMethodDescriptor().getFullMethodName(),
            name -> owner(call.getMethodDescriptor()));
    if (owner.isEmpty()) {
      return next.startCall(call, headers);
    }
    call.request(1);
    return new Crossing<>(call, headers, next, this, owner.get());
  }

  private Optional<CallOwner> owner(MethodDescriptor<?, ?> method) {
    boolean oneRequest =
        method.getType() == MethodType.UNARY || method.getType() == MethodType.SERVER_STREAMING;
    return owners.stream().filter(owner -> oneRequest && owner.covers(method)).findFirst();
  }

  /** Where the call must go; empty if it stays. */
  Optional<String> elsewhere(CallOwner owner, MethodDescriptor<?, ?> method, Object request) {
    return request instanceof Message message
        ? owner.addressOf(method, message).filter(address -> !address.equals(here.value()))
        : Optional.empty();
  }

  /** The way to the owner, with the original caller and the time that is left. */
  <Q, A> PassedOn<Q, A> passOn(ServerCall<Q, A> call, Metadata headers, String address) {
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    meters.counter("smartnodes.calls.forwarded", "method", method.getFullMethodName()).increment();
    Metadata sent = PassedOn.withoutTransport(headers);
    CallerInterceptor.nameCaller(sent, CallerInterceptor.caller());
    CallOptions options = options(method, headers);
    // Not in the caller's context: its deadline is in the options, its end in onCancel.
    Context before = Context.ROOT.attach();
    try {
      return new PassedOn<>(
          call, channels.get().to(identity.peerId(), address).newCall(method, options), sent);
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private static CallOptions options(MethodDescriptor<?, ?> method, Metadata headers) {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      deadline = ofHeader(headers.get(TIMEOUT));
    }
    if (deadline != null) {
      return CallOptions.DEFAULT.withDeadline(deadline);
    }
    return method.getType() == MethodType.UNARY
        ? CallOptions.DEFAULT
        : CallOptions.DEFAULT.withDeadlineAfter(LONGEST_STREAM_HOURS, TimeUnit.HOURS);
  }

  private static @Nullable Deadline ofHeader(@Nullable String text) {
    if (text == null || !text.matches("[0-9]{1,8}[HMSmun]")) {
      return null;
    }
    long amount = Long.parseLong(text, 0, text.length() - 1, 10);
    TimeUnit unit =
        switch (text.charAt(text.length() - 1)) {
          case 'H' -> TimeUnit.HOURS;
          case 'M' -> TimeUnit.MINUTES;
          case 'S' -> TimeUnit.SECONDS;
          case 'm' -> TimeUnit.MILLISECONDS;
          case 'u' -> TimeUnit.MICROSECONDS;
          default -> TimeUnit.NANOSECONDS;
        };
    return Deadline.after(amount, unit);
  }
}
