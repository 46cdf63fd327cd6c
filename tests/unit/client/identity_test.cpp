#include <gtest/gtest.h>
#include <lethe/client/base64url.hpp>
#include <lethe/client/identity.hpp>

#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

TEST(Identity, HasTheAddressThatItsSeedGives) {
  EXPECT_EQ(hex(alice().address().bytes), "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
  EXPECT_EQ(to_base64url(alice().address().bytes), "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg");
}

TEST(Identity, SignsAuthAsTheProtocolSays) {
  const auto bytes = auth_bytes("relay.example", fixed<Nonce>(0x80), {});
  EXPECT_EQ(hex(bytes), hex(bytes_of("lethe/v1/auth")) + "00" + hex(bytes_of("relay.example")) + "00" + hex(counting(32, 0x80)));
  EXPECT_EQ(hex(alice().sign(bytes).bytes),
            "85161828d13331125f346ce6dc784b5599cce0f1f4d63e87da1e1cb1b32aa4de"
            "2d938697a75bc9b8c67104c4763e411fa30b008964620c5d3c04fca29d79e601");
}

TEST(Identity, SignsTheExporterOfABoundSession) {
  const Bytes exporter(32, 0x55);
  EXPECT_EQ(hex(alice().sign(auth_bytes("relay.example", fixed<Nonce>(0x80), exporter)).bytes),
            "5695f337cdef2c64727faa71f638b2bc106ad6e2062c3549b9c20d95b276b88e"
            "8fe31c7c288bebe180f9ea3d6ab5585db5ad18a93bc3c4e6fc36c2d0612b570d");
}

TEST(Identity, IsVerifiedByItsAddressOnly) {
  const auto signature = alice().sign(bytes_of("text"));
  EXPECT_TRUE(verify(alice().address(), bytes_of("text"), signature));
  EXPECT_FALSE(verify(bob().address(), bytes_of("text"), signature));
  EXPECT_FALSE(verify(alice().address(), bytes_of("Text"), signature));
}

TEST(Identity, RefusesAKeyOfSmallOrder) {
  Address identity_point;
  identity_point.bytes[0] = 1;
  Signature fits_all;  // R = the identity point, S = 0
  fits_all.bytes[0] = 1;
  EXPECT_FALSE(verify(identity_point, bytes_of("anything"), fits_all));
}

TEST(Identity, TakesNoSeedOfAnotherLength) {
  EXPECT_EQ(Identity::from_seed(counting(31)).error(), Error::bad_key);
  EXPECT_EQ(Identity::from_seed(counting(64)).error(), Error::bad_key);
}

TEST(Identity, IsDifferentEachTimeItIsGenerated) {
  EXPECT_NE(Identity::generate().address(), Identity::generate().address());
}

}  // namespace lethe::client
