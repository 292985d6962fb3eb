// SPDX-License-Identifier: ISC
// The input is the text of a SCRAM verifier; it serves as a proof, a message and a name as well.
#include "fuzz/target.hpp"
#include "passwords/scram_verifier.hpp"

namespace {

using namespace passwords;
using fuzz::expect;

constexpr std::string_view scheme = "{SCRAM-SHA-256}";

bool has_scheme(std::string_view text) {
  return text.starts_with('{');
}

void check_text(std::string_view text) {
  const auto verifier = passwords::parse_scram(text);
  if (!verifier)
    return;
  expect(verifier->iterations >= passwords::least_scram_iterations,
         "there are at least 4096 iterations");
  expect(verifier->salt.size() >= passwords::least_scram_salt &&
             verifier->salt.size() <= passwords::most_scram_salt,
         "a salt has 8 to 64 octets");
  const auto written = to_text(*verifier);
  const auto rest = text.substr(has_scheme(text) ? scheme.size() : 0);
  expect(written.substr(scheme.size()) == rest, "a verifier is written in one way only");
  expect(passwords::parse_scram(written) == verifier, "what was written is read again");
}

/// No proof may fit: a fuzzer does not find the 32 octets whose SHA-256 is a stored key.
void check_proofs(std::string_view text) {
  passwords::Sha256Octets proof{};
  std::copy_n(text.begin(), std::min(text.size(), proof.size()), proof.begin());
  const base::Secret key(std::string(32, 'k'));
  const auto nobody = passwords::decoy_scram(text, key, {passwords::least_scram_iterations});
  expect(nobody == passwords::decoy_scram(text, key, {passwords::least_scram_iterations}),
         "a name has the same salt each time");
  expect(passwords::parse_scram(to_text(nobody)) == nobody,
         "what is made up looks like what is real");
  expect(!passwords::check_proof(nobody, text, proof), "no proof fits what is made up");
  if (const auto verifier = passwords::parse_scram(text))
    expect(!passwords::check_proof(*verifier, text, proof), "a text proves nothing about itself");
}

void try_input(fuzz::Input input) {
  const auto text = input.rest();
  check_text(text);
  check_proofs(text);
  expect(passwords::scram_tag(text).size() == 16, "a tag has 16 digits");
}

const fuzz::Target target("scram_verifier", try_input);

} // namespace
