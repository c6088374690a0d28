package io.smartnodes.quarkus;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.signer.v1.SignRequest;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.wire.Errors;
import io.vertx.core.Context;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * Asks the one signer of this validator. What is signed must have been persisted before; the signer
 * refuses what its guard forbids ({@code io.grpc.StatusRuntimeException}, the code in {@code
 * Errors.read}).
 *
 * <p>While no process acts as the signer, or another begins to, it is asked again for as long as a
 * change takes: the guard signs the same item as often as it is asked for.
 */
@Singleton
public class SignerClient {
  private static final Duration LONGEST_CHANGE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final SelfChannel self;

  /** Called by the container. */
  public SignerClient(SelfChannel self) {
    this.self = self;
  }

  /** One 65-byte signature per item, all or nothing; for worker and virtual threads. */
  public List<Bytes> sign(List<Signable> items) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("an event loop must not wait for a signature");
    }
    long end = System.nanoTime() + LONGEST_CHANGE.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return ask(items);
      } catch (StatusRuntimeException e) {
        if (!isBetweenSigners(e) || System.nanoTime() > end) {
          throw e;
        }
        sleep(pause, e);
        pause = longer(pause);
      }
    }
  }

  private List<Bytes> ask(List<Signable> items) {
    List<ByteString> signatures =
        SignerGrpc.newBlockingStub(self.to("chain-proposer"))
            .sign(SignRequest.newBuilder().addAllItems(items).build())
            .getSignaturesList();
    if (signatures.size() != items.size()) {
      throw new IllegalStateException(
          "asked for %d signatures, got %d".formatted(items.size(), signatures.size()));
    }
    return signatures.stream().map(signature -> Bytes.of(signature.toByteArray())).toList();
  }

  /** What the signer says of an item names a field; nobody there, or nobody acting, names none. */
  private static boolean isBetweenSigners(Throwable failure) {
    return failure instanceof StatusRuntimeException refused
        && refused.getStatus().getCode() == Status.Code.UNAVAILABLE
        && Errors.read(refused).map(refusal -> refusal.field().isEmpty()).orElse(true);
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private static void sleep(Duration pause, StatusRuntimeException failure) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  /** The signature of one item; for worker and virtual threads. */
  public Bytes sign(Signable item) {
    return sign(List.of(item)).getFirst();
  }

  /** The same without waiting: between two attempts no thread is held. */
  public Uni<List<Bytes>> signLater(List<Signable> items) {
    return Uni.createFrom()
        .item(() -> ask(items))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure(SignerClient::isBetweenSigners)
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .expireIn(LONGEST_CHANGE.toMillis());
  }
}
