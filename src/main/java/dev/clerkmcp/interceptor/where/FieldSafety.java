package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.clerk.model.FieldCatalog.Kind;
import dev.clerkmcp.interceptor.redact.PrivateMetadataInterceptor;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.Collection;
import java.util.Set;

/**
 * Refuses conditions and groups about values that answers do not show, since their numbers would
 * tell what the values are.
 *
 * @param maskPeople whether personal data is masked
 * @param privateMetadataNever whether no call may ask for private metadata
 */
public record FieldSafety(boolean maskPeople, boolean privateMetadataNever) {
  private static final String PRIVATE_METADATA = "private_metadata";

  /**
   * Checks fields before any row is read.
   *
   * @param includePrivate whether the call asks for private metadata
   * @throws RefusedException if private metadata is never shown
   * @throws InvalidArgumentsException if the call does not ask for the private metadata it names
   */
  void check(Collection<NamedField> fields, boolean includePrivate) {
    for (NamedField named : fields) {
      if (!named.field().keys().contains(PRIVATE_METADATA)) {
        continue;
      }
      if (privateMetadataNever) {
        throw PrivateMetadataInterceptor.switchedOff(
            "Call again without conditions and groups of private metadata. Only a person can change"
                + " the setting.");
      }
      if (!includePrivate) {
        throw InvalidArgumentsException.of(
            named.argument(), named.field() + " is hidden; give include_private: true as well");
      }
    }
  }

  /**
   * Checks a field when it is known what rows have.
   *
   * @param sources Clerk's own fields that its value comes from
   * @throws RefusedException if personal data is masked, and the field is personal data
   * @throws InvalidArgumentsException if it is a credential
   */
  void check(NamedField named, JsonNode row, Set<String> sources) {
    FieldName field = named.field();
    boolean credential =
        sources.stream()
            .anyMatch(
                name ->
                    field.isCustom()
                        ? FieldCatalog.isCredentialEverywhere(name)
                        : FieldCatalog.isCredential(name));
    if (credential) {
      throw InvalidArgumentsException.of(
          named.argument(), field + " is a credential, which is not compared");
    }
    if (maskPeople && sources.stream().anyMatch(name -> isPersonal(row, field, name))) {
      throw new RefusedException(
          "where_masked",
          "Personal data is masked (%s=mask), so rows are not selected or counted by it (%s: %s)."
              .formatted(Setting.PII, named.argument(), field),
          "Use other fields, such as flags, times and metadata that is not personal. Only a person"
              + " can change the setting.");
    }
  }

  private static boolean isPersonal(JsonNode row, FieldName field, String name) {
    if (field.isCustom()) {
      return FieldCatalog.isShortenedCustom(name) || FieldCatalog.isHiddenCustom(name);
    }
    return Kind.of(row, "").stream()
        .anyMatch(
            kind -> FieldCatalog.isShortened(kind, name) || FieldCatalog.isHidden(kind, name));
  }

  /**
   * A field with the argument that names it.
   *
   * @param argument {@code where} or {@code by}
   */
  record NamedField(String argument, FieldName field) {}
}
