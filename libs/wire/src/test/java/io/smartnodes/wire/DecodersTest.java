package io.smartnodes.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.peer.NodeKeyProof;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.Validator;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecodersTest {
  private static final Bytes SIGNATURE = Bytes.of(new byte[65]);
  private static final Address ALICE = Address.fromWord(Keccak.text("alice"));

  @Test
  void aBodyComesBackEqualWithEqualHash() throws InvalidProtocolBufferException {
    Body body = body();
    byte[] wire = BodyStructs.toProto(body).toByteArray();
    Body back = BodyStructs.fromProto(io.smartnodes.proto.types.v1.Body.parseFrom(wire), "body");
    assertThat(back).isEqualTo(body);
    assertThat(back.hashStruct()).isEqualTo(body.hashStruct());
  }

  @Test
  void aValidatorAHeadAndAKeyProofComeBackEqual() {
    Validator validator =
        new Validator(
            ALICE,
            Bytes.of(new byte[64]),
            Bytes.EMPTY,
            ALICE,
            Keccak.text("seat"),
            261,
            Instant.ofEpochSecond(1_800_000_000),
            7,
            12,
            Bytes32.ZERO,
            Validator.LEFT);
    assertThat(StateStructs.fromProto(StateStructs.toProto(validator), "v")).isEqualTo(validator);
    Head head = new Head(9, Instant.ofEpochSecond(1_800_000_000), 5, Keccak.text("inbox"), 8);
    assertThat(StateStructs.fromProto(StateStructs.toProto(head), "h")).isEqualTo(head);
    NodeKeyProof proof = new NodeKeyProof(ALICE, Keccak.text("x"), Keccak.text("y"));
    assertThat(PeerStructs.fromProto(PeerStructs.toProto(proof), "p")).isEqualTo(proof);
  }

  @Test
  void anUnknownFieldIsRefusedWhereItIsSigned() {
    var message =
        JobStructs.toProto(spec()).toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build();
    assertThatThrownBy(() -> JobStructs.fromProto(message, "spec"))
        .isInstanceOfSatisfying(
            Malformed.class,
            malformed -> {
              assertThat(malformed.code()).isEqualTo(ErrorCode.ERROR_CODE_UNKNOWN_FIELD);
              assertThat(malformed.field()).isEqualTo("spec");
            });
  }

  @Test
  void theFieldAtFaultIsNamed() {
    var message =
        JobStructs.toProto(spec()).toBuilder().setInputsRoot(ByteString.copyFromUtf8("x")).build();
    assertThatThrownBy(() -> JobStructs.fromProto(message, "spec"))
        .isInstanceOfSatisfying(
            Malformed.class,
            malformed -> assertThat(malformed.field()).isEqualTo("spec.inputs_root"));
  }

  @Test
  void anAmountHasOneEncodingOnly() {
    assertThat(Fields.amount(Fields.bytes(Amount.of(300)), "a")).isEqualTo(Amount.of(300));
    assertThat(Fields.bytes(Amount.ZERO).isEmpty()).isTrue();
    assertThatThrownBy(() -> Fields.amount(ByteString.copyFrom(new byte[] {0, 1}), "a"))
        .isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> Fields.amount(ByteString.copyFrom(new byte[33]), "a"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void mutatedBytesEitherDecodeToAnotherValueOrAreMalformed() {
    byte[] wire = BodyStructs.toProto(body()).toByteArray();
    Bytes32 original = body().hashStruct();
    Random random = new Random(20260101);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = wire.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      try {
        Body back =
            BodyStructs.fromProto(io.smartnodes.proto.types.v1.Body.parseFrom(mutant), "body");
        if (back.hashStruct().equals(original)) {
          assertThat(back).isEqualTo(body());
        }
      } catch (InvalidProtocolBufferException | Malformed refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void aRefusalCarriesItsCodeAndFieldToTheCaller() {
    var failure = Errors.status(ErrorCode.ERROR_CODE_INVALID_JOB, "spec.unit_count", "zero units");
    assertThat(Errors.read(failure))
        .contains(
            new Errors.Refusal(ErrorCode.ERROR_CODE_INVALID_JOB, "spec.unit_count", "zero units"));
    assertThat(Errors.read(new IllegalStateException("other"))).isEmpty();
  }

  private static JobSpec spec() {
    return new JobSpec(
        ALICE,
        Address.fromWord(Keccak.text("home")),
        Keccak.text("wasm"),
        Keccak.text("module"),
        256,
        Keccak.text("inputs"),
        new Fuel(1),
        Amount.ofCoins(3),
        ALICE,
        Instant.ofEpochSecond(1_900_000_000),
        7);
  }

  private static Body body() {
    JobSpec spec = spec();
    Bytes32 jobId = spec.hashStruct();
    Hold hold = new Hold(jobId, spec.home(), Amount.ofCoins(3), 4);
    Lease lease =
        new Lease(jobId, 1, 0, 32, ALICE, Amount.of(10), Instant.ofEpochSecond(1_900_000_000));
    JobReceipt receipt = new JobReceipt(jobId, 1, 0, 32, new Fuel(32), Keccak.text("root"), 99);
    SignedReceipt signed = new SignedReceipt(receipt, SIGNATURE, lease, SIGNATURE);
    Refutation refutation =
        new Refutation(
            receipt.hashStruct(),
            3,
            Keccak.text("i"),
            Keccak.text("c"),
            Keccak.text("r"),
            new Fuel(1));
    Certificate certificate =
        new Certificate(
            signed,
            List.of(new MemberSignature(ALICE, SIGNATURE)),
            Outcome.REFUTED,
            refutation,
            List.of(new MemberVerdict(ALICE, 0, List.of(), SIGNATURE)));
    return new Body(
        5,
        List.of(),
        List.of(),
        List.of(),
        List.of(new SignedHold(spec, SIGNATURE, hold, SIGNATURE)),
        List.of(signed),
        List.of(certificate),
        List.of(),
        List.of(new EpochVote(ALICE, 0, SIGNATURE)));
  }
}
