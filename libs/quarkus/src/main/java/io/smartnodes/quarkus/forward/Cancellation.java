package io.smartnodes.quarkus.forward;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Tells a call that its caller has gone. The server hears of a reset of the stream or a lost
 * connection only until the request has ended, which is at once for calls with one request; from
 * then on HTTP tells the response, to which gRPC does not listen (Vert.x 4.5).
 */
public final class Cancellation {
  private Cancellation() {}

  /** The listener, which hears of a caller that went away before the answer was complete. */
  public static <Q> ServerCall.Listener<Q> heard(ServerCall.Listener<Q> listener) {
    Context context = Vertx.currentContext();
    if (context == null
        || !(context.getLocal(RoutingContext.class.getName()) instanceof RoutingContext http)) {
      return listener;
    }
    Once<Q> once = new Once<>(listener);
    HttpServerResponse response = http.response();
    response.exceptionHandler(gone -> context.runOnContext(ignored -> once.onCancel()));
    response.closeHandler(closed -> {
      if (!response.ended()) {
        context.runOnContext(ignored -> once.onCancel());
      }
    });
    return once;
  }

  /** Ends once; all calls come on one context. */
  private static final class Once<Q> extends SimpleForwardingServerCallListener<Q> {
    private boolean ended;

    Once(ServerCall.Listener<Q> listener) {
      super(listener);
    }

    @Override
    public void onCancel() {
      if (!ended) {
        ended = true;
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!ended) {
        ended = true;
        super.onComplete();
      }
    }
  }
}
