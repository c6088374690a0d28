package io.smartnodes.quarkus;

import io.smallrye.mutiny.Uni;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Malformed;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Answers calls whose work blocks, each on a virtual thread of its own. Not by {@code
 * RunOnVirtualThread}: on the HTTP port its interceptor may see the end of a request before its
 * message, and the call hangs (Quarkus issue 48940). Read the caller at the method's entry.
 */
public final class BlockingCalls {
  private static final Executor VIRTUAL = work -> Thread.ofVirtual().name("call-", 0).start(work);

  private BlockingCalls() {}

  /** The answer of the work; what is malformed becomes a refusal with its field. */
  public static <T> Uni<T> answer(Supplier<T> work) {
    return Uni.createFrom()
        .item(() -> {
          try {
            return work.get();
          } catch (Malformed malformed) {
            throw Errors.status(malformed);
          }
        })
        .runSubscriptionOn(VIRTUAL);
  }
}
