// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {AssetTotals, Founder, Payout, Slash, Update} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";
import {Vm} from "./Vm.sol";

/// @title The three contracts together, with validators that sign
abstract contract MultisigScene is Checks {
    uint64 internal constant GENESIS = 1_700_000_000;
    uint64 internal constant EPOCH = 600;
    uint64 internal constant ROUND = 120;
    uint256 internal constant STAKE = 1000 ether;
    bytes32 internal constant SEED = keccak256("seed 0");
    address internal constant NATIVE = address(0);
    address internal constant USER = address(0xA11CE);
    address internal constant PAYEE = address(0xBEEF);

    SmartnodesToken internal token;
    SmartnodesCore internal core;
    SmartnodesMultisig internal multisig;
    bytes internal set;

    function setUp() public virtual {
        vm.warp(GENESIS);
        deploy(4);
        stakeAll(4);
        vm.warp(GENESIS + EPOCH);
    }

    function operatorKey(uint256 i) internal pure returns (uint256) {
        return 0x0be0000 + i;
    }

    function nodeKey(uint256 i) internal pure returns (uint256) {
        return 0x4e0de00 + i;
    }

    function operator(uint256 i) internal pure returns (address) {
        return vm.addr(operatorKey(i));
    }

    function founder(uint256 i) internal returns (Founder memory) {
        Vm.Wallet memory wallet = vm.createWallet(nodeKey(i));
        return Founder({
            operator: operator(i),
            nodeKeyX: bytes32(wallet.publicKeyX),
            nodeKeyY: bytes32(wallet.publicKeyY),
            payout: address(0),
            stake: STAKE
        });
    }

    function deploy(uint256 n) internal {
        address[] memory holders = new address[](n);
        uint256[] memory amounts = new uint256[](n);
        Founder[] memory founders = new Founder[](n);
        delete set;
        for (uint256 i = 0; i < n; ++i) {
            founders[i] = founder(i);
            (holders[i], amounts[i]) = (operator(i), 2 * STAKE);
            set = bytes.concat(set, bytes20(vm.addr(nodeKey(i))), bytes20(operator(i)));
        }
        deploy(founders, holders, amounts, EPOCH, ROUND);
    }

    function deploy(
        Founder[] memory founders,
        address[] memory holders,
        uint256[] memory amounts,
        uint64 epochLength,
        uint64 roundLength
    ) internal {
        uint256 nonce = vm.getNonce(address(this));
        address wired = vm.computeCreateAddress(address(this), nonce + 2);
        token = new SmartnodesToken(vm.computeCreateAddress(address(this), nonce + 1), holders, amounts);
        core = new SmartnodesCore(token, wired, GENESIS, keccak256("genesis"), new address[](0));
        multisig = new SmartnodesMultisig(core, token, founders, epochLength, roundLength, SEED);
    }

    function stakeAll(uint256 n) internal {
        for (uint256 i = 0; i < n; ++i) {
            vm.startPrank(operator(i));
            token.approve(address(multisig), STAKE);
            multisig.stake();
            vm.stopPrank();
        }
    }

    function depositNative(uint256 amount) internal {
        vm.deal(USER, amount);
        vm.prank(USER);
        core.deposit{value: amount}(NATIVE, amount, operator(0));
    }

    /// @dev The update of the next epoch with SNO in the totals.
    function next() internal view returns (Update memory update) {
        update.epoch = core.epoch() + 1;
        update.previousStateRoot = core.stateRoot();
        update.stateRoot = keccak256(abi.encode("state", update.epoch));
        update.bodyHash = keccak256(abi.encode("body", update.epoch));
        update.inboxCount = core.inboxLength();
        update.inboxHash = core.inboxHashAt(update.inboxCount);
        update.asOf = uint64(block.timestamp);
        update.totals = new AssetTotals[](1);
        update.totals[0] = core.totals(address(token));
        update.ejections = new address[](0);
        update.slashes = new Slash[](0);
        update.nextSetHash = keccak256(set);
    }

    function digestOf(Update memory update) internal pure returns (bytes32) {
        bytes32[] memory totals = new bytes32[](update.totals.length);
        for (uint256 i = 0; i < totals.length; ++i) {
            totals[i] = keccak256(
                abi.encode(
                    keccak256(
                        "AssetTotals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)"
                    ),
                    update.totals[i]
                )
            );
        }
        bytes32[] memory slashes = new bytes32[](update.slashes.length);
        for (uint256 i = 0; i < slashes.length; ++i) {
            slashes[i] = keccak256(
                abi.encode(keccak256("Slash(address operator,uint256 amount,bytes32 evidenceId)"), update.slashes[i])
            );
        }
        bytes memory head = abi.encode(
            keccak256(
                "Update(uint64 epoch,bytes32 previousStateRoot,bytes32 stateRoot,bytes32 bodyHash,uint64 inboxCount,bytes32 inboxHash,uint64 asOf,AssetTotals[] totals,address[] ejections,Slash[] slashes,bytes32 nextSetHash)AssetTotals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)Slash(address operator,uint256 amount,bytes32 evidenceId)"
            ),
            update.epoch,
            update.previousStateRoot,
            update.stateRoot,
            update.bodyHash,
            update.inboxCount,
            update.inboxHash
        );
        bytes memory tail = abi.encode(
            update.asOf,
            keccak256(abi.encodePacked(totals)),
            keccak256(abi.encodePacked(update.ejections)),
            keccak256(abi.encodePacked(slashes)),
            update.nextSetHash
        );
        return keccak256(bytes.concat(head, tail));
    }

    function typed(uint64 epoch, uint32 round, bytes32 digest) internal view returns (bytes32) {
        bytes32 vote =
            keccak256(abi.encode(keccak256("Vote(uint64 epoch,uint32 round,bytes32 digest)"), epoch, round, digest));
        return MessageHashUtils.toTypedDataHash(core.DOMAIN_SEPARATOR(), vote);
    }

    function sign(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, hash);
        return bytes.concat(r, vs);
    }

    /// @dev The votes of the positions in the bitmap for an update in a round.
    function votes(Update memory update, uint32 round, uint256 bitmap) internal view returns (bytes memory all) {
        bytes32 hash = typed(update.epoch, round, digestOf(update));
        for (uint256 i = 0; i < 256; ++i) {
            if ((bitmap >> i) & 1 == 1) all = bytes.concat(all, sign(nodeKey(i), hash));
        }
    }

    function execute(Update memory update) internal {
        multisig.execute(update, 0, votes(update, 0, 7), 7, set);
    }
}
