package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** Which of a user's identifiers and images count first, and what to do about the change. */
public record UserPrimaries(
    @Arg(value = "idn_...", clearable = true) @Nullable String primaryEmailAddressId,
    @Arg("Email the old address") @Nullable Boolean notifyPrimaryEmailAddressChanged,
    @Arg(value = "idn_...", clearable = true) @Nullable String primaryPhoneNumberId,
    @Arg(value = "idn_...", clearable = true) @Nullable String primaryWeb3WalletId,
    @Arg(value = "img_...", clearable = true) @Nullable String profileImageId,
    @Arg("On a new password") @Nullable Boolean signOutOfOtherSessions) {}
