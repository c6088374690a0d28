package io.smartnodes.worker;

import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.AcknowledgeRequest;
import io.smartnodes.proto.job.v1.AcknowledgeResponse;
import io.smartnodes.proto.job.v1.CommitReceiptRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Commits to the results of a lease: makes the receipt, has it acknowledged by a quorum of the
 * job's witnesses before its draw block exists, and gives it to the home.
 */
final class ReceiptDesk {
  private static final System.Logger LOG = System.getLogger("worker");

  /** Blocks between the head and the draw block; witnesses accept 1 to 32. */
  private static final int AHEAD = 16;

  private static final int ANSWER_SECONDS = 4;

  private static final int MAX_RECEIPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final NetworkClient network;
  private final LongSupplier head;

  ReceiptDesk(NetworkClient network, LongSupplier head) {
    this.network = network;
    this.head = head;
  }

  /** Blocks until the receipt is kept and with the home, or the lease is given up. */
  void commit(LeaseWork work) throws InterruptedException {
    if (work.receipt().isPresent()) {
      deliver(work);
      return;
    }
    AtomicReference<String> refusal = new AtomicReference<>("no witness answered");
    for (int attempt = 0; attempt < MAX_RECEIPTS && awaitWitnesses(work, refusal); attempt++) {
      SignedReceipt receipt = receipt(work);
      Map<Address, MemberSignature> acks = acknowledgements(work, receipt, refusal);
      if (acks.size() >= quorum(work)) {
        ReceiptMade.Builder made =
            ReceiptMade.newBuilder().setReceipt(BodyStructs.toProto(receipt));
        acks.values().forEach(ack -> made.addAcks(BodyStructs.toProto(ack)));
        work.keep(made.build());
        deliver(work);
        return;
      }
      if (work.granted().witnesses().size() - acks.size() < quorum(work)) {
        // Those who acknowledged this one acknowledge no other of the lease.
        break;
      }
    }
    work.failByNetwork("no quorum of witnesses acknowledged the receipt: " + refusal.get());
  }

  /**
   * Waits until a quorum of the witnesses would acknowledge, at most until the lease ends: whoever
   * acknowledges a receipt that finds no quorum keeps its units from everybody for a while (4.6).
   */
  private boolean awaitWitnesses(LeaseWork work, AtomicReference<String> refusal)
      throws InterruptedException {
    while (network.time().instant().isBefore(work.granted().lease().deadline())) {
      AcknowledgeRequest question =
          AcknowledgeRequest.newBuilder()
              .setReceipt(BodyStructs.toProto(receipt(work)))
              .setJudgeOnly(true)
              .build();
      Semaphore willing = new Semaphore(0);
      for (PeerId witness : work.granted().witnesses()) {
        Thread.ofVirtual()
            .name("witness-", 0)
            .start(() -> {
              try {
                answer(node(witness), question);
                willing.release();
              } catch (StatusRuntimeException | Malformed failed) {
                refusal.set(String.valueOf(failed.getMessage()));
              }
            });
      }
      if (willing.tryAcquire(quorum(work), ANSWER_SECONDS, TimeUnit.SECONDS)) {
        return true;
      }
    }
    return false;
  }

  /** Brings what an earlier run of the agent could not bring, without waiting. */
  void bring(List<LeaseWork> undelivered) {
    for (LeaseWork work : undelivered) {
      if (work.claimCommit()) {
        Thread.ofVirtual()
            .name("bring-", 0)
            .start(() -> {
              try {
                deliver(work);
              } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
              }
            });
      }
    }
  }

  private int quorum(LeaseWork work) {
    return Picks.quorum(work.granted().witnesses().size());
  }

  private SignedReceipt receipt(LeaseWork work) {
    Lease lease = work.granted().lease();
    ResultsTree tree = work.tree();
    JobReceipt receipt =
        new JobReceipt(
            lease.jobId(),
            lease.number(),
            lease.first(),
            lease.count(),
            tree.fuel(),
            tree.root(),
            head.getAsLong() + AHEAD);
    return new SignedReceipt(
        receipt,
        network.domain().sign(receipt, network.identity().node()),
        lease,
        work.granted().homeSignature());
  }

  /** Asks all witnesses at once, again and again, until a quorum or the draw block is here. */
  private Map<Address, MemberSignature> acknowledgements(
      LeaseWork work, SignedReceipt receipt, AtomicReference<String> refusal)
      throws InterruptedException {
    AcknowledgeRequest request =
        AcknowledgeRequest.newBuilder().setReceipt(BodyStructs.toProto(receipt)).build();
    Ack ack =
        new Ack(
            receipt.receipt().jobId(), receipt.receipt().lease(), receipt.receipt().hashStruct());
    Map<Address, MemberSignature> acks = new ConcurrentSkipListMap<>();
    Set<PeerId> asked = ConcurrentHashMap.newKeySet();
    long last = receipt.receipt().drawHeight() - 1;
    while (acks.size() < quorum(work) && head.getAsLong() <= last) {
      for (PeerId witness : work.granted().witnesses()) {
        if (asked.add(witness)) {
          Thread.ofVirtual()
              .name("ack-", 0)
              .start(() -> {
                try {
                  ValidatorNode node = node(witness);
                  acks.put(node.operator(), ask(node, request, ack));
                } catch (StatusRuntimeException | Malformed failed) {
                  refusal.set(String.valueOf(failed.getMessage()));
                  asked.remove(witness);
                }
              });
        }
      }
      Thread.sleep(PAUSE);
    }
    if (acks.size() < quorum(work)) {
      LOG.log(Level.WARNING, "lease {0}: {1}", receipt.lease().number(), refusal.get());
    }
    return acks;
  }

  private ValidatorNode node(PeerId peer) {
    return network.validators().stream()
        .filter(validator -> validator.is(peer))
        .findFirst()
        .orElseThrow(() -> new Malformed("witness", peer + " is not in the active set"));
  }

  private MemberSignature ask(ValidatorNode witness, AcknowledgeRequest request, Ack ack) {
    Bytes signature = Fields.opaque(answer(witness, request).getSignature(), "signature");
    if (network.domain().signer(ack, signature).filter(witness::isBy).isEmpty()) {
      throw new Malformed("signature", "the acknowledgement is not by the witness");
    }
    return new MemberSignature(witness.operator(), signature);
  }

  private AcknowledgeResponse answer(ValidatorNode witness, AcknowledgeRequest request) {
    return JobRouterGrpc.newBlockingStub(router(witness))
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
        .acknowledge(request);
  }

  private io.grpc.Channel router(ValidatorNode validator) {
    return network
        .channel(validator, NetworkClient.ROUTER)
        .orElseThrow(
            () -> io.grpc.Status.UNAVAILABLE.withDescription("not found").asRuntimeException());
  }

  /**
   * Brings an acknowledged receipt to the home, again after a restart; the home takes it once. A
   * home that is away is waited for until the job ends, since nobody else can do these units any
   * more.
   */
  private void deliver(LeaseWork work) throws InterruptedException {
    ReceiptMade made = work.receipt().orElseThrow();
    CommitReceiptRequest request =
        CommitReceiptRequest.newBuilder()
            .setReceipt(made.getReceipt())
            .addAllAcks(made.getAcksList())
            .build();
    long number = work.granted().lease().number();
    Instant enough = network.time().instant().plus(PATIENCE);
    for (Duration pause = PAUSE; ; pause = longer(pause)) {
      try {
        JobRouterGrpc.newBlockingStub(router(node(work.granted().home())))
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .commitReceipt(request);
        work.delivered();
        LOG.log(Level.INFO, "lease {0}: receipt committed", number);
        return;
      } catch (StatusRuntimeException | Malformed failed) {
        Instant end = isAway(failed) ? work.granted().spec().deadline() : enough;
        Instant now = network.time().instant();
        if (now.isAfter(enough) && now.isAfter(end)) {
          work.failByNetwork("the home did not take the receipt: " + failed.getMessage());
          return;
        }
        if (pause.equals(PAUSE)) {
          LOG.log(
              Level.WARNING,
              "lease {0}: its home takes no receipt: {1}",
              number,
              failed.getMessage());
        }
        Thread.sleep(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  /** Whether nobody answered, or somebody who will know better soon. */
  private static boolean isAway(RuntimeException failed) {
    return failed instanceof StatusRuntimeException status
        && Errors.read(status)
            .map(refusal -> refusal.code() == ErrorCode.ERROR_CODE_NOT_READY)
            .orElse(true);
  }
}
