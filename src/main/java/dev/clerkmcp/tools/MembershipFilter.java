package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import dev.clerkmcp.registry.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which members of an organization to list, and in which order; all conditions must hold. */
public record MembershipFilter(
    @Arg("E.g. first_name, -created_at") @Nullable String orderBy,
    @Arg(value = "user_...; prefix - excludes", max = 100) @Nullable List<String> userId,
    @Arg(value = "Exact", max = 100) @Nullable List<String> emailAddress,
    @Arg(value = "Exact, E.164", max = 100) @Nullable List<String> phoneNumber,
    @Arg(value = "Exact", max = 100) @Nullable List<String> username,
    @Arg(value = "Exact", max = 100) @Nullable List<String> web3Wallet,
    @Arg(value = "Role keys, e.g. org:admin", max = 100) @Nullable List<String> role,
    @Arg("Part of any identifier, ID or name") @Nullable String query,
    @Arg("Partial match") @Nullable String emailAddressQuery,
    @Arg("Partial match") @Nullable String phoneNumberQuery,
    @Arg("Partial match") @Nullable String usernameQuery,
    @Arg("Part of first or last name") @Nullable String nameQuery,
    @Time @Arg("Time") @Nullable Long lastActiveAtBefore,
    @Time @Arg("Time") @Nullable Long lastActiveAtAfter,
    @Time @Arg("Time") @Nullable Long createdAtBefore,
    @Time @Arg("Time") @Nullable Long createdAtAfter) {}
