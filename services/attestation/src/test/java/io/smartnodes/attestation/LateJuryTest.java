package io.smartnodes.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smartnodes.events.Outbox;
import io.smartnodes.proto.attestation.v1.CallJuryRequest;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A jury whose time is over goes on while the job is open (5.7); here it is over at once. */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
@TestProfile(LateJuryTest.WithoutPatience.class)
class LateJuryTest {
  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject TestBeans.Pool pool;

  /** No time for anything. */
  public static class WithoutPatience implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "smartnodes.attestation.persistence", "1ms",
          "smartnodes.attestation.session-life", "1ms");
    }
  }

  private void publish(String topic, String key, Message message) {
    tx.runAndAwait(AttestationStore.UNIT, session -> outbox.publish(topic, key, message));
  }

  @Test
  void aReceiptIsJudgedWhenItsWorkerOpensLateAndWhoCallsAgainGetsTheCertificate()
      throws InterruptedException {
    try (TestWorker worker = new TestWorker();
        Client validator = new Client(TestKeys.KEY)) {
      JobSpec job = World.job(worker, 1);
      publish("reputation.v1", "state", World.genesis(job));
      World.blocks().forEach(block -> publish("chain.v1", "chain", block));
      var outputs = worker.run(job);
      ReceiptAcknowledged receipt =
          World.receipt(
              job, worker, new TestWorker.Claim(job, outputs, TestWorker.results(outputs)));
      worker.shut(true);
      publish("job.v1", job.hashStruct().toString(), receipt);
      worker.awaitRefused(1);
      assertThat(pool.certified).isEmpty();
      worker.shut(false);
      JobCertified certified =
          Objects.requireNonNull(pool.certified.poll(60, TimeUnit.SECONDS), "no certificate");
      assertThat(certified.getCertificate().getOutcome()).isEqualTo(Outcome.CONFIRMED.code());
      assertThat(
              validator
                  .stub
                  .callJury(CallJuryRequest.newBuilder().setReceipt(receipt).build())
                  .getCertificatesList())
          .containsExactly(certified.getCertificate());
    }
  }
}
