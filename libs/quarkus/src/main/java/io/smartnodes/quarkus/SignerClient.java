package io.smartnodes.quarkus;

import com.google.protobuf.ByteString;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.signer.v1.SignRequest;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.vertx.core.Context;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Asks the one signer of this validator. What is signed must have been persisted before; the signer
 * refuses what its guard forbids ({@code io.grpc.StatusRuntimeException}, the code in {@code
 * Errors.read}).
 */
@Singleton
public class SignerClient {
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

  /** The signature of one item; for worker and virtual threads. */
  public Bytes sign(Signable item) {
    return sign(List.of(item)).getFirst();
  }

  /** The same without waiting. */
  public Uni<List<Bytes>> signLater(List<Signable> items) {
    return Uni.createFrom()
        .item(() -> sign(items))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }
}
