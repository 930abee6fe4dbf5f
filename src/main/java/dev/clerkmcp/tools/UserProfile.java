package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import dev.clerkmcp.registry.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set on a user both at creation and later. */
public record UserProfile(
    @Arg(value = "Your own ID", clearable = true) @Nullable String externalId,
    @Arg(value = "First name", clearable = true) @Nullable String firstName,
    @Arg(value = "Last name", clearable = true) @Nullable String lastName,
    @Arg(value = "E.g. en-US", clearable = true) @Nullable String locale,
    @Arg(value = "Unique", clearable = true) @Nullable String username,
    @Arg(value = "8+ characters", clearable = true, secret = true) @Nullable String password,
    @Arg(value = "Instead of password", secret = true) @Nullable String passwordDigest,
    @Arg("E.g. bcrypt") @Nullable String passwordHasher,
    @Arg("Allow weak ones") @Nullable Boolean skipPasswordChecks,
    @Arg(value = "Base32", clearable = true, secret = true) @Nullable String totpSecret,
    @Arg(value = "Plain or bcrypt", secret = true) @Nullable List<String> backupCodes,
    @Arg("Allow it") @Nullable Boolean deleteSelfEnabled,
    @Arg("Allow it") @Nullable Boolean createOrganizationEnabled,
    @Arg(value = "0 is no limit", clearable = true) @Nullable Integer createOrganizationsLimit,
    @Time @Arg(value = "Time", clearable = true) @Nullable String legalAcceptedAt,
    @Arg("Without consent") @Nullable Boolean skipLegalChecks,
    @Time @Arg(value = "Time", clearable = true) @Nullable String createdAt,
    @Arg("No device trust") @Nullable Boolean bypassClientTrust) {}
