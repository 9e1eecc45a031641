import { describe, expect, it } from 'vitest';
import { readJavaVersion } from '../../src/from/java-version.ts';

const own = 'has numbers of its vendor, which do not tell the version of Java';

describe('versions of Java', () => {
  it.each([
    ['21', '21', undefined],
    ['17.0.9', '17.0.9', undefined],
    ['1.8.0_292', '1.8.0_292', undefined],
    ['8u292', '8.0.292', undefined],
    ['temurin-21.0.2+13.0.LTS', '21.0.2', 'temurin'],
    ['adoptopenjdk-11.0.11+9', '11.0.11', 'adoptopenjdk'],
    ['adopt-openjdk-12.0.2+10.2', '12.0.2', 'adopt-openjdk'],
    ['temurin-jre-17.0.9+9', '17.0.9', 'temurin-jre'],
    ['temurin-8.0.402+6', '8.0.402', 'temurin'],
    ['openjdk-21', '21', 'openjdk'],
    ['openjdk64-17.0.1', '17.0.1', 'openjdk'],
    ['corretto-21.0.2.13.1', '21.0.2', 'corretto'],
    ['semeru-openj9-21.0.1+12_openj9-0.42.0', '21.0.1', 'semeru-openj9'],
    ['graalvm-community-21.0.2', '21.0.2', 'graalvm-community'],
    ['21.0.2-tem', '21.0.2', 'temurin'],
    ['21.0.2.fx-zulu', '21.0.2', 'zulu'],
    ['15.0.1.j9-adpt', '15.0.1', 'adoptopenjdk'],
    ['11.0.11.hs-adpt', '11.0.11', 'adoptopenjdk'],
  ])('%s is Java %s of %s', (text, version, vendor) => {
    expect(readJavaVersion(text)).toEqual(vendor === undefined ? { version } : { version, vendor });
  });

  it.each([
    ['zulu-8', '8'],
    ['zulu-21.32.17', '21'],
    ['zulu-17.0.8', '17.0.8'],
    ['corretto-8.402.08.1', '8'],
    ['graalvm-22.3.1+java17', '17'],
    ['22.3.r17-grl', '17'],
  ])('%s has numbers of its vendor, so only Java %s is asked for', (text, version) => {
    expect(readJavaVersion(text)).toMatchObject({ version });
  });

  it.each([
    ['graalvm-22.3.1', own],
    ['temurin-latest', own],
    ['lts', own],
    ['acme-21.0.2', 'is of an unknown vendor'],
  ])('%s is refused', (text, why) => {
    expect(readJavaVersion(text)).toEqual({ why });
  });
});
