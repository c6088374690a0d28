// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {AssetTotals, Founder, Operator, Slash, Standing, Update} from "../src/Structs.sol";
import {Launch} from "./Deployment.sol";
import {UpdateDigest} from "./UpdateDigest.sol";
import {Vm} from "./Vm.sol";

/// @title All contracts together, with validators that sign
/// @dev Operator i has account key `operatorKey(i)` and node keys `nodeKey(i, generation)`. What is signed is hashed
/// here, apart from the code under test.
abstract contract MultisigScene is Launch, UpdateDigest {
    uint64 internal constant GENESIS = 1_700_000_000;
    uint32 internal constant EPOCH = 600;
    uint32 internal constant ROUND = 120;
    uint32 internal constant JOIN_PERIOD = 1 days;
    uint32 internal constant NOTICE = 1 days;
    uint32 internal constant UNBONDING = 21 days;
    uint256 internal constant STAKE = 1000 ether;
    uint256 internal constant GENERATION = 1 << 20;
    bytes32 internal constant SEED = keccak256("seed 0");
    address internal constant NATIVE = address(0);
    address internal constant USER = address(0xA11CE);
    address internal constant PAYEE = address(0xBEEF);
    address internal constant ANYBODY = address(0xA2B);

    mapping(address nodeAddress => uint256) internal keyOf;

    function setUp() public virtual {
        vm.warp(GENESIS);
        deploy(4);
        stakeAll(4);
        vm.warp(GENESIS + EPOCH);
    }

    // ---- keys ----

    function operatorKey(uint256 i) internal pure returns (uint256) {
        return 0x0be0000 + i;
    }

    function nodeKey(uint256 i) internal pure returns (uint256) {
        return 0x4e0de00 + i;
    }

    function nodeKey(uint256 i, uint256 generation) internal pure returns (uint256) {
        return nodeKey(i) + generation * GENERATION;
    }

    function operator(uint256 i) internal pure returns (address) {
        return vm.addr(operatorKey(i));
    }

    function node(uint256 i) internal pure returns (address) {
        return vm.addr(nodeKey(i));
    }

    /// @dev The coordinates of a key, which from here on is found by its address.
    function point(uint256 key) internal returns (bytes32 x, bytes32 y) {
        Vm.Wallet memory wallet = vm.createWallet(key);
        keyOf[wallet.addr] = key;
        return (bytes32(wallet.publicKeyX), bytes32(wallet.publicKeyY));
    }

    function proofOf(uint256 key, address owner) internal returns (bytes memory) {
        (bytes32 x, bytes32 y) = point(key);
        bytes32 hash = keccak256(
            abi.encode(keccak256("NodeKeyProof(address operator,bytes32 nodeKeyX,bytes32 nodeKeyY)"), owner, x, y)
        );
        return sign(key, MessageHashUtils.toTypedDataHash(core.DOMAIN_SEPARATOR(), hash));
    }

    function sign(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, hash);
        return bytes.concat(r, vs);
    }

    // ---- deployment ----

    function founder(uint256 i) internal returns (Founder memory) {
        (bytes32 x, bytes32 y) = point(nodeKey(i));
        return Founder({operator: operator(i), nodeKeyX: x, nodeKeyY: y, payout: address(0), stake: STAKE});
    }

    function standardTerms() internal pure virtual returns (MultisigTerms memory) {
        return MultisigTerms(EPOCH, ROUND, JOIN_PERIOD, NOTICE, UNBONDING, STAKE);
    }

    /// @dev Founders 0 … n−1, and SNO for as many and sixteen more.
    function deploy(uint256 n) internal {
        uint256 accounts = n + 16;
        address[] memory holders = new address[](accounts);
        uint256[] memory amounts = new uint256[](accounts);
        Founder[] memory founders = new Founder[](n);
        for (uint256 i = 0; i < accounts; ++i) {
            if (i < n) founders[i] = founder(i);
            (holders[i], amounts[i]) = (operator(i), 100 * STAKE);
        }
        launch(founders, holders, amounts, standardTerms(), SEED);
    }

    function stakeAll(uint256 n) internal {
        for (uint256 i = 0; i < n; ++i) {
            stakeAs(i);
        }
    }

    function stakeAs(uint256 i) internal {
        bytes memory proof = proofOf(nodeKey(i), operator(i));
        vm.startPrank(operator(i));
        token.approve(address(multisig), type(uint256).max);
        multisig.stake(proof);
        vm.stopPrank();
    }

    // ---- what operators do ----

    function joinAs(uint256 i) internal {
        joinAs(i, nodeKey(i), STAKE);
    }

    function joinAs(uint256 i, uint256 key, uint256 amount) internal {
        (bytes32 x, bytes32 y) = point(key);
        bytes memory proof = proofOf(key, operator(i));
        vm.startPrank(operator(i));
        token.approve(address(multisig), type(uint256).max);
        multisig.join(x, y, address(0), proof, amount);
        vm.stopPrank();
    }

    function rotateAs(uint256 i, uint256 generation) internal {
        uint256 key = nodeKey(i, generation);
        (bytes32 x, bytes32 y) = point(key);
        bytes memory proof = proofOf(key, operator(i));
        vm.prank(operator(i));
        multisig.rotate(x, y, address(0), proof);
    }

    function exitAs(uint256 i) internal {
        vm.prank(operator(i));
        multisig.exit();
    }

    function rejoinAs(uint256 i) internal {
        vm.prank(operator(i));
        multisig.rejoin();
    }

    function withdrawAs(uint256 i) internal {
        vm.prank(operator(i));
        multisig.withdraw();
    }

    /// @dev Exit and the end of its notice.
    function leaveAs(uint256 i) internal {
        exitAs(i);
        pass(NOTICE);
        multisig.completeExit(operator(i));
    }

    function depositNative(uint256 amount) internal {
        vm.deal(USER, amount);
        vm.prank(USER);
        core.deposit{value: amount}(NATIVE, amount, operator(0));
    }

    function pass(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    function standing(uint256 i) internal view returns (Standing) {
        return multisig.operatorInfo(operator(i)).standing;
    }

    function stands(uint256 i, Standing expected) internal view {
        same(uint256(standing(i)), uint256(expected));
    }

    function info(uint256 i) internal view returns (Operator memory) {
        return multisig.operatorInfo(operator(i));
    }

    // ---- updates ----

    /// @dev The update of the next epoch that takes the whole inbox and changes no set.
    function next() internal view returns (Update memory update) {
        update.epoch = core.epoch() + 1;
        update.previousStateRoot = core.stateRoot();
        update.stateRoot = keccak256(abi.encode("state", update.epoch));
        update.bodyHash = keccak256(abi.encode("body", update.epoch));
        update.inboxCount = core.inboxLength();
        update.inboxHash = core.inboxHashAt(update.inboxCount);
        update.asOf = uint64(vm.getBlockTimestamp());
        update.totals = new AssetTotals[](1);
        (,, uint256 payouts, uint256 minted, uint256 burnt) = core.books(address(token));
        update.totals[0] = AssetTotals(address(token), 0, payouts, 0, burnt, minted);
        update.ejections = new address[](0);
        update.slashes = new Slash[](0);
        update.nextSetHash = multisig.validatorSetHash();
    }

    /// @dev The update of the next epoch with a next set.
    function next(bytes memory set) internal view returns (Update memory update) {
        update = next();
        update.nextSetHash = keccak256(set);
    }

    /// @dev The same update of a state that has taken fewer items.
    function seeing(Update memory update, uint64 count) internal view returns (Update memory) {
        (update.inboxCount, update.inboxHash) = (count, core.inboxHashAt(count));
        return update;
    }

    function ejecting(Update memory update, uint256 i) internal pure returns (Update memory) {
        update.ejections = new address[](1);
        update.ejections[0] = operator(i);
        return update;
    }

    function slashing(Update memory update, uint256 i, uint256 amount) internal pure returns (Update memory) {
        update.slashes = new Slash[](1);
        update.slashes[0] = Slash(operator(i), amount, keccak256("evidence"));
        return update;
    }

    function entry(uint256 i) internal pure returns (bytes memory) {
        return entry(i, 0);
    }

    function entry(uint256 i, uint256 generation) internal pure returns (bytes memory) {
        return bytes.concat(bytes20(vm.addr(nodeKey(i, generation))), bytes20(operator(i)));
    }

    /// @dev The set of the first n founders.
    function firstOf(uint256 n) internal pure returns (bytes memory set) {
        for (uint256 i = 0; i < n; ++i) {
            set = bytes.concat(set, entry(i));
        }
    }

    function typed(uint64 epoch, uint32 round, bytes32 digest) internal view returns (bytes32) {
        bytes32 vote =
            keccak256(abi.encode(keccak256("Vote(uint64 epoch,uint32 round,bytes32 digest)"), epoch, round, digest));
        return MessageHashUtils.toTypedDataHash(core.DOMAIN_SEPARATOR(), vote);
    }

    /// @dev The votes of the positions in the bitmap for an update in a round, as the verifier wants them.
    function votes(Update memory update, uint32 round, uint256 bitmap) internal view returns (bytes memory) {
        return signed(typed(update.epoch, round, digestOf(update)), bitmap);
    }

    function signed(bytes32 hash, uint256 bitmap) internal view returns (bytes memory all) {
        bytes memory set = multisig.validatorSet();
        all = abi.encode(bitmap);
        for (uint256 i = 0; i < set.length / 40; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            address by;
            assembly {
                by := shr(96, mload(add(add(set, 0x20), mul(i, 40))))
            }
            all = bytes.concat(all, sign(keyOf[by], hash));
        }
    }

    /// @dev All positions whose votes count.
    function everybody() internal view returns (uint256) {
        return (type(uint256).max >> (256 - multisig.validatorCount())) & ~multisig.excluded();
    }

    function execute(Update memory update) internal {
        execute(update, "");
    }

    function execute(Update memory update, bytes memory nextSet) internal {
        multisig.execute(update, 0, votes(update, 0, everybody()), nextSet);
    }

    /// @dev Executes the next epoch with a next set, an epoch later.
    function step(bytes memory nextSet) internal {
        pass(EPOCH);
        execute(next(nextSet), nextSet);
    }

    function refuses(bytes4 code, Update memory update, bytes memory nextSet) internal {
        bytes memory all = votes(update, 0, everybody());
        vm.expectPartialRevert(code);
        multisig.execute(update, 0, all, nextSet);
    }
}
