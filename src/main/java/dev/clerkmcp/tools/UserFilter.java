package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import dev.clerkmcp.registry.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which users to list or count; all conditions must hold. */
public record UserFilter(
    @Arg(value = "Exact", max = 100) @Nullable List<String> emailAddress,
    @Arg(value = "Exact, E.164", max = 100) @Nullable List<String> phoneNumber,
    @Arg(value = "Exact; prefix - excludes", max = 100) @Nullable List<String> externalId,
    @Arg(value = "Exact", max = 100) @Nullable List<String> username,
    @Arg(value = "Exact", max = 100) @Nullable List<String> web3Wallet,
    @Arg(value = "user_...; prefix - excludes", max = 100) @Nullable List<String> userId,
    @Arg(value = "Member of org_...; prefix - excludes", max = 100)
        @Nullable List<String> organizationId,
    @Arg("Part of any identifier, ID or name") @Nullable String query,
    @Arg("Partial match") @Nullable String emailAddressQuery,
    @Arg("Partial match") @Nullable String phoneNumberQuery,
    @Arg("Partial match") @Nullable String usernameQuery,
    @Arg("Part of first or last name") @Nullable String nameQuery,
    @Arg("Banned or not") @Nullable Boolean banned,
    @Time @Arg("Time") @Nullable Long lastActiveAtBefore,
    @Time @Arg("Time") @Nullable Long lastActiveAtAfter,
    @Time @Arg("Time") @Nullable Long createdAtBefore,
    @Time @Arg("Time") @Nullable Long createdAtAfter,
    @Time @Arg("Time") @Nullable Long lastSignInAtBefore,
    @Time @Arg("Time") @Nullable Long lastSignInAtAfter,
    @Arg("E.g. oauth_google") @Nullable String provider,
    @Arg(value = "IDs there; needs provider", max = 100) @Nullable List<String> providerUserId) {}
