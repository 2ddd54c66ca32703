import { type GoFunctions, type GoValue, goFunction } from '../../value.ts'
import { experimental } from './crypto.ts'
import { ipOf, prefixOf, rangeOf } from './ip.ts'
import { namespace, outside } from './namespace.ts'
import { textOf } from './values.ts'

/** The namespace `net`: addresses are read, names are looked up by the world. */
export const netFunctions: GoFunctions = {
  net: namespace('NetFuncs', {
    CIDRHost: experimental('func(any, any) (netip.Addr, error)'),
    CIDRNetmask: experimental('func(any) (netip.Addr, error)'),
    CIDRSubnetSizes: experimental('func(...any) ([]netip.Prefix, error)'),
    CIDRSubnets: experimental('func(any, any) ([]netip.Prefix, error)'),
    LookupCNAME: outside('net.LookupCNAME', 'func(any) (string, error)'),
    LookupIP: outside('net.LookupIP', 'func(any) (string, error)'),
    LookupIPs: outside('net.LookupIPs', 'func(any) ([]string, error)'),
    LookupSRV: outside('net.LookupSRV', 'func(any) (*net.SRV, error)'),
    LookupSRVs: outside('net.LookupSRVs', 'func(any) ([]*net.SRV, error)'),
    LookupTXT: outside('net.LookupTXT', 'func(any) ([]string, error)'),
    ParseIP: goFunction('func(any) (netaddr.IP, error)', (value: GoValue) => ipOf(textOf(value))),
    ParseIPPrefix: goFunction('func(any) (netaddr.IPPrefix, error)', (value: GoValue) => prefixOf(textOf(value))),
    ParseIPRange: goFunction('func(any) (netaddr.IPRange, error)', (value: GoValue) => rangeOf(textOf(value))),
  }),
}
