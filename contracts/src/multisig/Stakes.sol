// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ISmartnodesToken} from "../interfaces/ISmartnodesToken.sol";
import {Standing} from "../Structs.sol";
import {Roster} from "./Roster.sol";

/// @title Stake, and the ways into and out of the set
/// @notice Every wish goes to the state through the inbox and acts when an update brings it back; only the stake moves
/// here, and only an exit that nobody executes ends by time. NONE → QUEUED → ACTIVE → EXITING → UNBONDING → NONE; from
/// EXITING and UNBONDING back to QUEUED as long as the stake is there.
abstract contract Stakes is Roster {
    using SafeCast for uint256;
    using SafeERC20 for ISmartnodesToken;

    uint8 internal constant JOIN = 3;
    uint8 internal constant EXIT = 4;
    uint8 internal constant ROTATION = 5;
    bytes32 internal constant EXIT_ASKED = bytes32(uint256(1));
    bytes32 internal constant EXIT_BY_TIME = bytes32(uint256(2));
    bytes32 internal constant EXIT_EQUIVOCATION = bytes32(uint256(3));

    /// @notice An operator paid in stake, in wei of SNO.
    event Staked(address indexed operator, uint256 amount);
    /// @notice An operator waits for a place in the set, which it can have from `eligibleAt` (seconds) on.
    event OperatorQueued(
        address indexed operator, address indexed nodeAddress, address payout, uint256 stake, uint64 eligibleAt
    );
    /// @notice An operator asked for another node key or payout address.
    event KeyRotated(address indexed operator, address indexed nodeAddress, address payout);
    /// @notice An operator asked to leave; its votes count until the next set, and until `until` (seconds) at most.
    event ExitAsked(address indexed operator, uint64 until);
    /// @notice An operator left; its stake can be withdrawn from `withdrawableAt` (seconds) on.
    event ExitCompleted(address indexed operator, uint64 withdrawableAt);
    /// @notice Stake went back to its owner, in wei of SNO.
    event StakeWithdrawn(address indexed operator, address indexed payout, uint256 amount);

    /// @notice Where the operator stands, this cannot be done.
    error StandingWrong(address operator, Standing standing);
    /// @notice The stake is below the minimum, in wei of SNO.
    error StakeTooSmall(uint256 stake, uint256 minimum);
    /// @notice The amount must be above zero.
    error AmountZero();
    /// @notice All 256 places are taken or promised.
    error SetFull();
    /// @notice What runs has not ended, in seconds.
    error NotDue(uint256 due, uint256 now_);

    /// @notice Pays in a founder's stake, which it has approved before.
    /// @param proof the node key's compact signature over NodeKeyProof(operator, x, y)
    function stake(bytes calldata proof) external {
        _stake(proof);
    }

    /// @notice Pays in a founder's stake with a permit in place of an approval.
    /// @param proof the node key's compact signature over NodeKeyProof(operator, x, y)
    function stakeWithPermit(bytes calldata proof, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        // Anyone may have used the permit already; then the allowance stands, and the pull decides.
        try token.permit(msg.sender, address(this), _members[msg.sender].stake, deadline, v, r, s) {} catch {}
        _stake(proof);
    }

    /// @notice Asks for a place in the set. The stake, which the caller has approved before, is paid in at once.
    /// @param x the node key's coordinate
    /// @param y the node key's coordinate
    /// @param payout where stake and earnings go; zero means the caller
    /// @param proof the node key's compact signature over NodeKeyProof(operator, x, y)
    /// @param amount the stake, in wei of SNO
    function join(bytes32 x, bytes32 y, address payout, bytes calldata proof, uint256 amount) external {
        Member memory member = _member(msg.sender);
        if (member.standing != Standing.NONE) revert StandingWrong(msg.sender, member.standing);
        member.stake = amount.toUint96();
        _bind(member, x, y, payout, proof);
        _enqueue(member);
        _pull(amount);
    }

    /// @notice Adds to the caller's stake, in wei of SNO.
    function topUp(uint256 amount) external {
        Member memory member = _member(msg.sender);
        Standing standing = member.standing;
        if (standing == Standing.NONE || standing == Standing.FOUNDER || standing == Standing.SLASHED) {
            revert StandingWrong(msg.sender, standing);
        }
        if (amount == 0) revert AmountZero();
        member.stake = (member.stake + amount).toUint96();
        _store(msg.sender, member);
        _pull(amount);
    }

    /// @notice Asks for another node key, which votes from the next set on; the old one stays bound and slashable.
    /// @param x the node key's coordinate
    /// @param y the node key's coordinate
    /// @param payout where stake and earnings go; zero means the caller
    /// @param proof the node key's compact signature over NodeKeyProof(operator, x, y)
    function rotate(bytes32 x, bytes32 y, address payout, bytes calldata proof) external {
        Member memory member = _seated();
        _bind(member, x, y, payout, proof);
        _store(msg.sender, member);
        _queue(ROTATION, msg.sender, address(0), uint256(x), member.payout, y);
        emit KeyRotated(msg.sender, member.nodeAddress, member.payout);
    }

    /// @notice Asks to leave.
    function exit() external {
        Member memory member = _seated();
        member.standing = Standing.EXITING;
        member.since = (block.timestamp + _terms.exitNotice).toUint40();
        _leave(msg.sender, member, EXIT_ASKED);
        emit ExitAsked(msg.sender, member.since);
    }

    /// @notice Takes an exit or an ejection back as long as the stake is there: the caller queues again.
    function rejoin() external {
        Member memory member = _member(msg.sender);
        if (member.standing != Standing.EXITING && member.standing != Standing.UNBONDING) {
            revert StandingWrong(msg.sender, member.standing);
        }
        _enqueue(member);
    }

    /// @notice Ends the exit of an operator whose notice is over; anyone may call, also when nothing is executed, but
    /// not while Core is paused: nothing could be executed before two that leave together count no more. Also takes out
    /// who has or waits for a place and was slashed to less than 1 SNO; its vote does not count anyway.
    function completeExit(address operator) external {
        Member memory member = _member(operator);
        Standing standing = member.standing;
        if (standing == Standing.EXITING) {
            _checkDue(member.since);
            _checkDue(core.pausedUntil());
        } else if ((standing != Standing.ACTIVE && standing != Standing.QUEUED) || member.stake >= LEAST_STAKE) {
            revert StandingWrong(operator, standing);
        }
        _unbond(member);
        _leave(operator, member, EXIT_BY_TIME);
        emit ExitCompleted(operator, member.since);
    }

    /// @notice Pays the caller's stake to its payout address when it has been unbonding long enough, and the place in
    /// the queue that it took last has come.
    /// @dev Who unbonds is out of the set or excluded, so that nothing that counts depends on this stake.
    function withdraw() external {
        Member memory member = _member(msg.sender);
        if (member.standing != Standing.UNBONDING) revert StandingWrong(msg.sender, member.standing);
        _checkDue(member.since);
        uint256 amount = member.stake;
        member.standing = Standing.NONE;
        member.since = 0;
        member.stake = 0;
        _store(msg.sender, member);
        emit StakeWithdrawn(msg.sender, member.payout, amount);
        token.safeTransfer(member.payout, amount);
    }

    /// @dev Stores an operator that leaves and tells the state.
    function _leave(address operator, Member memory member, bytes32 reason) internal {
        member.lastItem = _queue(EXIT, operator, address(0), 0, address(0), reason);
        _store(operator, member);
    }

    function _stake(bytes calldata proof) private {
        Member memory member = _member(msg.sender);
        if (member.standing != Standing.FOUNDER) revert StandingWrong(msg.sender, member.standing);
        NodeKey memory key = _keys[msg.sender];
        core.bindNodeKey(msg.sender, key.x, key.y, proof);
        member.standing = Standing.ACTIVE;
        _store(msg.sender, member);
        if (--_stakesMissing == 0) _mark(UNSTAKED, false);
        _pull(member.stake);
    }

    /// @dev The caller, if it has or waits for a place in the set.
    function _seated() private view returns (Member memory member) {
        member = _member(msg.sender);
        if (member.standing != Standing.QUEUED && member.standing != Standing.ACTIVE) {
            revert StandingWrong(msg.sender, member.standing);
        }
    }

    function _bind(Member memory member, bytes32 x, bytes32 y, address payout, bytes calldata proof) private {
        member.nodeAddress = core.bindNodeKey(msg.sender, x, y, proof);
        member.payout = payout == address(0) ? msg.sender : payout;
        _keys[msg.sender] = NodeKey(x, y);
    }

    /// @dev Queues the caller. One that is still in the set votes on with its old key: the state has not let it go.
    function _enqueue(Member memory member) private {
        uint256 minimum = _terms.minimumStake;
        if (member.stake < minimum) revert StakeTooSmall(member.stake, minimum);
        if (!_takesPlace(member) && _taken >= MOST_VALIDATORS) revert SetFull();
        member.eligibleAt = _nextPlace(member.eligibleAt);
        member.standing = Standing.QUEUED;
        member.since = member.eligibleAt;
        NodeKey memory key = _keys[msg.sender];
        member.lastItem =
            _queue(JOIN, msg.sender, address(uint160(member.eligibleAt)), uint256(key.x), member.payout, key.y);
        if (member.firstItem == 0) member.firstItem = member.lastItem;
        if (member.inSet) _mark(RETURNING, true);
        _store(msg.sender, member);
        emit OperatorQueued(msg.sender, member.nodeAddress, member.payout, member.stake, member.eligibleAt);
    }

    /// @dev Joins are spread in time. A place that has not come yet is kept over an exit, so that leaving and coming
    /// back does not push the others into the future.
    function _nextPlace(uint40 held) private returns (uint40 eligibleAt) {
        if (held > block.timestamp) return held;
        uint256 share = _validators() / 16;
        uint256 earliest = uint256(_terms.lastEligibleAt) + _terms.joinPeriod / (share == 0 ? 1 : share);
        eligibleAt = (earliest > block.timestamp ? earliest : block.timestamp).toUint40();
        _terms.lastEligibleAt = eligibleAt;
    }

    function _pull(uint256 amount) private {
        emit Staked(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _checkDue(uint256 due) private view {
        if (block.timestamp < due) revert NotDue(due, block.timestamp);
    }
}
