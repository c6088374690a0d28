package io.smartnodes.quarkus.forward;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.smartnodes.link.calls.CallerInterceptor;
import java.util.Optional;

/**
 * Waits for the request of a call, and then either starts the method here or passes the call on.
 * Only the call's own thread gets here.
 */
final class Crossing<Q, A> extends ServerCall.Listener<Q> {
  private final ServerCall<Q, A> call;
  private final Metadata headers;
  private final ServerCallHandler<Q, A> next;
  private final Forwarding forwarding;
  private final CallOwner owner;
  private Way<Q, A> way = new Way.Unknown<>();
  private boolean ready;

  private sealed interface Way<Q, A> {
    record Unknown<Q, A>() implements Way<Q, A> {}

    record Here<Q, A>(ServerCall.Listener<Q> method) implements Way<Q, A> {}

    record There<Q, A>(PassedOn<Q, A> passedOn) implements Way<Q, A> {}

    record Refused<Q, A>() implements Way<Q, A> {}
  }

  Crossing(
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      Forwarding forwarding,
      CallOwner owner) {
    this.call = call;
    this.headers = headers;
    this.next = next;
    this.forwarding = forwarding;
    this.owner = owner;
  }

  @Override
  public void onMessage(Q message) {
    if (way instanceof Way.Unknown<Q, A>) {
      decide(message);
    }
    if (way instanceof Way.Here<Q, A>(ServerCall.Listener<Q> method)) {
      method.onMessage(message);
    }
  }

  private void decide(Q message) {
    Optional<String> elsewhere = forwarding.elsewhere(owner, call.getMethodDescriptor(), message);
    if (elsewhere.isEmpty()) {
      here();
    } else if (CallerInterceptor.wasForwarded()) {
      way = new Way.Refused<>();
      call.close(
          Status.UNAVAILABLE.withDescription("the owner of this call changes: try again"),
          new Metadata());
    } else {
      PassedOn<Q, A> passedOn = forwarding.passOn(call, headers, elsewhere.get());
      way = new Way.There<>(passedOn);
      passedOn.start(message);
    }
  }

  private ServerCall.Listener<Q> here() {
    ServerCall.Listener<Q> method = next.startCall(call, headers);
    way = new Way.Here<>(method);
    if (ready) {
      method.onReady();
    }
    return method;
  }

  @Override
  public void onHalfClose() {
    switch (way) {
      // No request at all: the method says what it thinks of that.
      case Way.Unknown<Q, A>() -> here().onHalfClose();
      case Way.Here<Q, A>(ServerCall.Listener<Q> method) -> method.onHalfClose();
      case Way.There<Q, A> there -> {}
      case Way.Refused<Q, A>() -> {}
    }
  }

  @Override
  public void onCancel() {
    switch (way) {
      case Way.Unknown<Q, A>() -> {}
      case Way.Here<Q, A>(ServerCall.Listener<Q> method) -> method.onCancel();
      case Way.There<Q, A>(PassedOn<Q, A> passedOn) -> passedOn.cancel();
      case Way.Refused<Q, A>() -> {}
    }
  }

  @Override
  public void onComplete() {
    if (way instanceof Way.Here<Q, A>(ServerCall.Listener<Q> method)) {
      method.onComplete();
    }
  }

  @Override
  public void onReady() {
    switch (way) {
      case Way.Unknown<Q, A>() -> ready = true;
      case Way.Here<Q, A>(ServerCall.Listener<Q> method) -> method.onReady();
      case Way.There<Q, A>(PassedOn<Q, A> passedOn) -> passedOn.ready();
      case Way.Refused<Q, A>() -> {}
    }
  }
}
