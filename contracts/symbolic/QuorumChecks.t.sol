// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISmartnodesCore} from "../src/interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "../src/interfaces/ISmartnodesToken.sol";
import {IVoteVerifier} from "../src/interfaces/IVoteVerifier.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Founder, Update} from "../src/Structs.sol";
import {Vm} from "../test/Vm.sol";

/// @title Core and token as the multisig asks them; applies whatever it gets
contract PatientCore {
    uint64 public constant genesis = 1;
    uint64 public constant epoch = 0;
    bytes32 public constant DOMAIN_SEPARATOR = keccak256("domain");

    function multisig() external view returns (address) {
        return msg.sender;
    }

    function core() external view returns (address) {
        return address(this);
    }

    function applyUpdate(Update calldata) external {}
}

/// @title Accepts whatever votes it is told
contract ToldVerifier is IVoteVerifier {
    function verify(bytes32, address, uint256, bytes calldata votes) external pure returns (uint256) {
        return abi.decode(votes, (uint256));
    }
}

/// @title The multisig with a set of any size in which nobody is asked for stake
contract SizedMultisig is SmartnodesMultisig {
    constructor(PatientCore core_, IVoteVerifier verifier, Founder[] memory founders)
        SmartnodesMultisig(
            ISmartnodesCore(address(core_)),
            ISmartnodesToken(address(core_)),
            address(1),
            verifier,
            founders,
            MultisigTerms(3600, 600, 1 days, 1 days, 21 days, 1 ether),
            keccak256("seed")
        )
    {
        _mark(UNSTAKED, false);
    }

    function become(uint16 validators, uint256 excluded_) external {
        _front.last = uint8(validators - 1);
        _exclude(excluded_);
    }

    function setHash() external view returns (bytes32) {
        return _setHash;
    }
}

/// @title An update is executed if and only if 3·votes > 2·N, whoever voted
/// @notice The multisig is the real one; the verifier says which positions voted. The solver cannot count 256 arbitrary
/// bits in one go, so votes are arbitrary within 16 neighbouring positions and complete before them; what is counted
/// wrongly by a sum of neighbours would show there.
contract QuorumChecks {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    SizedMultisig private multisig;
    Update private update;

    function setUp() public {
        vm.warp(10_000);
        Founder[] memory founders = new Founder[](1);
        // The generator of secp256k1: the public key of the secret 1.
        founders[0] = Founder({
            operator: address(2),
            nodeKeyX: bytes32(0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798),
            nodeKeyY: bytes32(0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8),
            payout: address(0),
            stake: 1 ether
        });
        multisig = new SizedMultisig(new PatientCore(), new ToldVerifier(), founders);
        update.epoch = 1;
        update.nextSetHash = multisig.setHash();
    }

    /// @dev For every size of the set: the first v positions vote.
    function check_moreThanTwoThirdsAreNeededAndEnough(uint16 validators, uint16 votes) public {
        if (validators == 0 || validators > 256 || votes > validators) return;
        multisig.become(validators, 0);
        uint256 voters = votes == 256 ? type(uint256).max : (uint256(1) << votes) - 1;
        assert(executed(voters) == (3 * uint256(votes) > 2 * uint256(validators)));
        assert(multisig.quorum() <= validators && 3 * multisig.quorum() > 2 * uint256(validators));
        assert(3 * (multisig.quorum() - 1) <= 2 * uint256(validators));
    }

    /// @dev Of 16 validators any may vote and any may be excluded.
    function check_whoIsExcludedDoesNotCount(uint16 voters, uint16 excluded) public {
        multisig.become(16, excluded);
        assert(executed(voters) == (3 * bits(voters & ~excluded) > 32));
    }

    /// @dev 160 full positions, then 16 arbitrary ones, at each place among 256.
    function check_everyBitOfTheBitmapCountsOnce(uint16 window, uint8 place) public {
        if (place >= 16) return;
        multisig.become(256, 0);
        uint256 shift = 16 * uint256(place);
        uint256 rest = ~(uint256(type(uint16).max) << shift);
        // Ten full windows that are not this one.
        uint256 full = place < 10 ? (uint256(1) << 176) - 1 : (uint256(1) << 160) - 1;
        uint256 voters = (full & rest) | (uint256(window) << shift);
        assert(executed(voters) == (3 * (160 + bits(window)) > 512));
    }

    function check_nobodyBeyondTheSetVotes(uint256 voters) public {
        multisig.become(4, 0);
        if (voters >> 4 != 0) assert(!executed(voters));
        else assert(executed(voters) == (3 * bits(uint16(voters)) > 8));
    }

    function executed(uint256 voters) private returns (bool done) {
        (done,) = address(multisig).call(abi.encodeCall(multisig.execute, (update, 0, abi.encode(voters), "")));
    }

    function bits(uint16 x) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < 16; ++i) {
            sum += (x >> i) & 1;
        }
    }
}
