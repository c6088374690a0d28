package io.smartnodes.runner;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.smartnodes.proto.runner.v1.ModuleHead;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.proto.runner.v1.PutModuleRequest;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A module that the client brings. */
final class PutCall implements StreamObserver<PutModuleRequest> {
  private final Reader reader;
  private final Outbound<ModuleState> outbound;
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private @Nullable ModuleHead head;
  private boolean refused;

  /** Who checks and keeps modules. */
  interface Reader {
    ModuleCheck read(Hash hash, byte[] binary, boolean interpret);
  }

  PutCall(Reader reader, Outbound<ModuleState> outbound) {
    this.reader = reader;
    this.outbound = outbound;
  }

  @Override
  public void onNext(PutModuleRequest request) {
    switch (request.getMessageCase()) {
      case HEAD -> head = request.getHead();
      case DATA -> {
        if (binary.size() + request.getData().size() > ModuleLimits.STANDARD.maxBytes()) {
          refuse("a module has at most " + ModuleLimits.STANDARD.maxBytes() + " bytes");
        } else {
          binary.writeBytes(request.getData().toByteArray());
        }
      }
      case MESSAGE_NOT_SET -> refuse("an empty message");
    }
  }

  @Override
  public void onCompleted() {
    ModuleHead asked = head;
    if (asked == null) {
      refuse("a module without a head");
    } else if (!refused) {
      Thread.ofVirtual().name("put").start(() -> put(asked));
    }
  }

  @Override
  public void onError(Throwable gone) {
    // Nothing is kept of half a module.
    refused = true;
  }

  private void put(ModuleHead asked) {
    try {
      Hash hash = new Hash(asked.getModuleHash());
      byte[] bytes = binary.toByteArray();
      if (!hash.isOf(bytes)) {
        throw new IllegalArgumentException("the module does not have the hash " + hash);
      }
      outbound.send(RunCall.state(Optional.of(reader.read(hash, bytes, asked.getInterpret()))));
      outbound.complete();
    } catch (IllegalArgumentException wrong) {
      outbound.fail(
          Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()).asRuntimeException());
    } catch (InterruptedException gone) {
      outbound.fail(Status.CANCELLED.asRuntimeException());
    } catch (RuntimeException defect) {
      outbound.failed("reading a module", defect);
    } catch (Error broken) {
      Ending.halt(Ending.BROKEN, "reading a module failed: " + broken);
    }
  }

  private void refuse(String why) {
    if (!refused) {
      refused = true;
      outbound.fail(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
    }
  }
}
