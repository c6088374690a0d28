package io.smartnodes.quarkus.forward;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The two ends of a call that was passed on. Asks the owner for one answer at a time, and for the
 * next one only when the caller can take it: nothing is buffered beyond one message.
 */
final class PassedOn<Q, A> extends ClientCall.Listener<A> {
  private static final Set<String> OF_THE_TRANSPORT =
      Set.of(
          "content-type",
          "content-length",
          "te",
          "user-agent",
          "host",
          "date",
          "connection",
          "transfer-encoding",
          "accept-encoding",
          "grpc-timeout",
          "grpc-encoding",
          "grpc-accept-encoding",
          "grpc-status",
          "grpc-message");

  private final ServerCall<Q, A> caller;
  private final ClientCall<Q, A> owner;
  private final Metadata headers;
  private final Executor loop;
  private boolean waitsForCaller;
  private boolean ended;

  PassedOn(ServerCall<Q, A> caller, ClientCall<Q, A> owner, Metadata headers) {
    this.caller = caller;
    this.owner = owner;
    this.headers = headers;
    Context context = Vertx.currentContext();
    // What the owner sends arrives on threads of its channel; the caller's call has one thread.
    this.loop =
        context == null ? Runnable::run : work -> context.runOnContext(ignored -> work.run());
  }

  void start(Q request) {
    owner.start(this, headers);
    owner.request(1);
    owner.sendMessage(request);
    owner.halfClose();
  }

  /** The caller has gone or its deadline has passed. */
  void cancel() {
    ended = true;
    owner.cancel("the caller cancelled", null);
  }

  /** The caller can take more. */
  void ready() {
    if (waitsForCaller && !ended && caller.isReady()) {
      waitsForCaller = false;
      owner.request(1);
    }
  }

  @Override
  public void onHeaders(Metadata answered) {
    loop.execute(() -> {
      if (!ended) {
        caller.sendHeaders(withoutTransport(answered));
      }
    });
  }

  @Override
  public void onMessage(A message) {
    loop.execute(() -> {
      if (!ended) {
        caller.sendMessage(message);
        waitsForCaller = true;
        ready();
      }
    });
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    loop.execute(() -> {
      if (!ended) {
        ended = true;
        caller.close(status.withCause(null), withoutTransport(trailers));
      }
    });
  }

  /** A copy without what belongs to one connection. */
  static Metadata withoutTransport(Metadata from) {
    Metadata copy = new Metadata();
    for (String name : from.keys()) {
      if (name.startsWith(":") || OF_THE_TRANSPORT.contains(name)) {
        continue;
      }
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        copy(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), from, copy);
      } else {
        copy(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), from, copy);
      }
    }
    return copy;
  }

  private static <T> void copy(Metadata.Key<T> key, Metadata from, Metadata to) {
    Iterable<T> values = from.getAll(key);
    if (values != null) {
      values.forEach(value -> to.put(key, value));
    }
  }
}
