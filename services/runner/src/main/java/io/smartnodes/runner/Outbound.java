package io.smartnodes.runner;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Answers one call no faster than the client reads, and interrupts who works for it if it goes. */
final class Outbound<T> {
  private static final Logger LOG = System.getLogger("runner");

  private final ServerCallStreamObserver<T> call;
  private @Nullable Thread worker;
  private boolean gone;

  Outbound(StreamObserver<T> responses) {
    this.call = (ServerCallStreamObserver<T>) responses;
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::cancelled);
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void cancelled() {
    gone = true;
    notifyAll();
    if (worker != null) {
      worker.interrupt();
    }
  }

  /** Lets the current thread work until this is closed; it is interrupted when the client goes. */
  synchronized Work begin() throws InterruptedException {
    if (gone) {
      throw new InterruptedException("the client is gone");
    }
    worker = Thread.currentThread();
    return this::end;
  }

  /** A thread's work for a call. */
  interface Work extends AutoCloseable {
    @Override
    void close();
  }

  private synchronized void end() {
    worker = null;
  }

  synchronized void send(T message) throws InterruptedException {
    while (!call.isReady() && !gone) {
      wait();
    }
    if (gone) {
      throw new InterruptedException("the client is gone");
    }
    call.onNext(message);
  }

  synchronized void complete() {
    if (!gone) {
      call.onCompleted();
    }
  }

  /**
   * Answers that a defect of ours kept this call from its end. Not {@code INTERNAL}, which is what
   * a broken connection looks like: the client would take the runner for dead.
   */
  void failed(String what, RuntimeException defect) {
    LOG.log(Level.ERROR, what + " failed", defect);
    try {
      fail(Status.ABORTED.withDescription(what + " failed: " + defect).asRuntimeException());
    } catch (IllegalStateException answered) {
      LOG.log(Level.DEBUG, "the call had its answer: {0}", answered.getMessage());
    }
  }

  synchronized void fail(StatusRuntimeException why) {
    if (!gone) {
      call.onError(why);
    }
  }
}
