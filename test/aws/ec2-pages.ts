/** Pages as EC2 prints them, with every member that is read and many that are not. Ids and owners are made up. */

const TAGS = `<tagSet>
                <item>
                    <key>kubernetes.io/cluster/prod</key>
                    <value>owned</value>
                </item>
                <item>
                    <key>Café &amp; Co</key>
                    <value></value>
                </item>
            </tagSet>`;

const OPERATOR = `<operator>
                <managed>true</managed>
                <principal>eks.amazonaws.com</principal>
                <hiddenByDefault>true</hiddenByDefault>
            </operator>`;

export const NETWORK_INTERFACES_PAGE = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>fc45294c-006b-457b-bab9-012f5b3b0e40</requestId>
    <networkInterfaceSet>
        <item>
            <networkInterfaceId>eni-0f62d866a1b2c3d4e</networkInterfaceId>
            <subnetId>subnet-0c53d04af1a2b3c4d</subnetId>
            <vpcId>vpc-01a2b3c4d5e6f7081</vpcId>
            <availabilityZone>eu-west-1a</availabilityZone>
            <description>aws-K8S-i-0a1b2c3d4e5f60718</description>
            <ownerId>111122223333</ownerId>
            <requesterId>AROAEXAMPLE:i-0a1b2c3d4e5f60718</requesterId>
            <requesterManaged>false</requesterManaged>
            <status>in-use</status>
            <macAddress>02:81:60:cb:27:37</macAddress>
            <privateIpAddress>10.0.0.146</privateIpAddress>
            <sourceDestCheck>true</sourceDestCheck>
            <groupSet>
                <item>
                    <groupId>sg-3f4b5653</groupId>
                    <groupName>default</groupName>
                </item>
            </groupSet>
            <attachment>
                <attachmentId>eni-attach-6537fc0c</attachmentId>
                <instanceId>i-0a1b2c3d4e5f60718</instanceId>
                <instanceOwnerId>111122223333</instanceOwnerId>
                <deviceIndex>1</deviceIndex>
                <networkCardIndex>0</networkCardIndex>
                <status>attached</status>
                <attachTime>2026-07-01T21:45:27.000Z</attachTime>
                <deleteOnTermination>true</deleteOnTermination>
            </attachment>
            ${OPERATOR}
            ${TAGS}
            <privateIpAddressesSet>
                <item>
                    <privateIpAddress>10.0.0.146</privateIpAddress>
                    <primary>true</primary>
                    <association>
                        <publicIp>203.0.113.7</publicIp>
                        <ipOwnerId>amazon</ipOwnerId>
                    </association>
                </item>
                <item>
                    <privateIpAddress>10.0.0.148</privateIpAddress>
                    <primary>false</primary>
                </item>
            </privateIpAddressesSet>
            <ipv4PrefixSet>
                <item>
                    <ipv4Prefix>10.0.0.160/28</ipv4Prefix>
                </item>
            </ipv4PrefixSet>
            <ipv6AddressesSet/>
            <interfaceType>interface</interfaceType>
        </item>
        <item>
            <networkInterfaceId>eni-0b</networkInterfaceId>
            <description/>
            <tagSet/>
            <privateIpAddressesSet/>
        </item>
    </networkInterfaceSet>
    <nextToken>eyJ2IjoiMiIsImMiOiJ==</nextToken>
</DescribeNetworkInterfacesResponse>
`;

export const SUBNETS_PAGE = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>7a62c442-3484-4f42-9342-6942EXAMPLE</requestId>
    <subnetSet>
        <item>
            <subnetId>subnet-0c53d04af1a2b3c4d</subnetId>
            <subnetArn>arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-0c53d04af1a2b3c4d</subnetArn>
            <state>available</state>
            <ownerId>111122223333</ownerId>
            <vpcId>vpc-01a2b3c4d5e6f7081</vpcId>
            <cidrBlock>10.0.0.0/24</cidrBlock>
            <ipv6CidrBlockAssociationSet/>
            <availableIpAddressCount>232</availableIpAddressCount>
            <availabilityZone>eu-west-1a</availabilityZone>
            <availabilityZoneId>euw1-az1</availabilityZoneId>
            <defaultForAz>false</defaultForAz>
            <mapPublicIpOnLaunch>false</mapPublicIpOnLaunch>
            <assignIpv6AddressOnCreation>false</assignIpv6AddressOnCreation>
            <ipv6Native>false</ipv6Native>
            <privateDnsNameOptionsOnLaunch>
                <hostnameType>ip-name</hostnameType>
            </privateDnsNameOptionsOnLaunch>
            ${TAGS}
        </item>
    </subnetSet>
    <nextToken>eyJ2IjoiMiIsImMiOiJ==</nextToken>
</DescribeSubnetsResponse>
`;

export const INSTANCES_PAGE = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>8f7724cf-496f-496e-8fe3-example</requestId>
    <reservationSet>
        <item>
            <reservationId>r-1234567890abcdef0</reservationId>
            <ownerId>111122223333</ownerId>
            <groupSet/>
            <instancesSet>
                <item>
                    <instanceId>i-0a1b2c3d4e5f60718</instanceId>
                    <imageId>ami-bff32ccc</imageId>
                    <instanceState>
                        <code>16</code>
                        <name>running</name>
                    </instanceState>
                    <instanceType>m5.large</instanceType>
                    <launchTime>2026-05-08T16:46:19.000Z</launchTime>
                    <placement>
                        <availabilityZone>eu-west-1a</availabilityZone>
                        <tenancy>default</tenancy>
                    </placement>
                    <subnetId>subnet-0c53d04af1a2b3c4d</subnetId>
                    <vpcId>vpc-01a2b3c4d5e6f7081</vpcId>
                    <networkInterfaceSet>
                        <item>
                            <networkInterfaceId>eni-0f62d866a1b2c3d4e</networkInterfaceId>
                            <subnetId>subnet-0c53d04af1a2b3c4d</subnetId>
                        </item>
                    </networkInterfaceSet>
                    ${OPERATOR}
                    ${TAGS}
                </item>
            </instancesSet>
        </item>
    </reservationSet>
    <nextToken>eyJ2IjoiMiIsImMiOiJ==</nextToken>
</DescribeInstancesResponse>
`;
