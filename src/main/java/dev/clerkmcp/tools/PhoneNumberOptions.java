package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** What can be set on a phone number both at creation and later. */
public record PhoneNumberOptions(
    @Arg("Mark as verified") @Nullable Boolean verified,
    @Arg("Make it primary") @Nullable Boolean primary,
    @Arg("Second factor; must be verified") @Nullable Boolean reservedForSecondFactor) {}
