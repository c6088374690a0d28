package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.util.List;

/**
 * What happened in an epoch. Every list is in ascending order of item hash, without repetition. Its
 * type is in docs/protocol/1-structs.md.
 */
public record Body(
    long epoch,
    List<SignedRegistration> registrations,
    List<SignedAllot> allots,
    List<SignedRelease> releases,
    List<SignedHold> holds,
    List<SignedReceipt> receipts,
    List<Certificate> certificates,
    List<Evidence> evidence,
    List<EpochVote> votes)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Body(uint64 epoch,SignedRegistration[] registrations,SignedAllot[] allots,Signed"
              + "Release[] releases,SignedHold[] holds,SignedReceipt[] receipts,Certificate[] cer"
              + "tificates,Evidence[] evidence,EpochVote[] votes)Allot(address account,address as"
              + "set,address home,uint256 amount,uint64 sequence)Certificate(SignedReceipt receip"
              + "t,MemberSignature[] acks,uint8 outcome,Refutation refutation,MemberVerdict[] ver"
              + "dicts)EpochVote(address operator,uint32 round,bytes signature)Evidence(uint8 kin"
              + "d,bytes32 subject,bytes data)Hold(bytes32 jobId,address home,uint256 amount,uint"
              + "64 stateEpoch)JobReceipt(bytes32 jobId,uint64 lease,uint64 first,uint64 count,ui"
              + "nt64 fuel,bytes32 resultsRoot,uint64 drawHeight)JobSpec(address user,address hom"
              + "e,bytes32 network,bytes32 moduleHash,uint64 unitCount,bytes32 inputsRoot,uint64 "
              + "fuelLimitPerUnit,uint256 maxPrice,address asset,uint64 deadline,uint64 nonce)Lea"
              + "se(bytes32 jobId,uint64 number,uint64 first,uint64 count,address worker,uint256 "
              + "unitPrice,uint64 deadline)MemberSignature(address operator,bytes signature)Membe"
              + "rVerdict(address operator,uint64 sampleEpoch,bytes32[] traces,bytes signature)Re"
              + "futation(bytes32 receiptHash,uint64 unit,bytes32 inputHash,bytes32 claimedOutput"
              + "Hash,bytes32 replayedOutputHash,uint64 replayedFuel)Registration(address account"
              + ",bytes publicKey,uint32 roles,address payout,uint64 sequence,uint64 expiry)Relea"
              + "se(address account,address asset,address home,uint256 amount,uint64 sequence)Sig"
              + "nedAllot(Allot allot,bytes accountSignature)SignedHold(JobSpec spec,bytes userSi"
              + "gnature,Hold hold,bytes homeSignature)SignedReceipt(JobReceipt receipt,bytes wor"
              + "kerSignature,Lease lease,bytes homeSignature)SignedRegistration(Registration reg"
              + "istration,bytes accountSignature,bytes nodeSignature,address introducer,bytes in"
              + "troducerSignature)SignedRelease(Release release,bytes accountSignature)");

  /** Copies the lists. */
  public Body {
    registrations = List.copyOf(registrations);
    allots = List.copyOf(allots);
    releases = List.copyOf(releases);
    holds = List.copyOf(holds);
    receipts = List.copyOf(receipts);
    certificates = List.copyOf(certificates);
    evidence = List.copyOf(evidence);
    votes = List.copyOf(votes);
  }

  /** A body in which nothing happened. */
  public static Body empty(long epoch) {
    return new Body(
        epoch, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
        List.of());
  }

  /** Whether nothing happened. */
  public boolean isEmpty() {
    return equals(empty(epoch));
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .uint64(epoch)
        .structs(registrations)
        .structs(allots)
        .structs(releases)
        .structs(holds)
        .structs(receipts)
        .structs(certificates)
        .structs(evidence)
        .structs(votes)
        .hash();
  }
}
